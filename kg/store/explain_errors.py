"""From the driver's errors to sentences."""

from collections.abc import Generator
from contextlib import contextmanager

from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    UnsupportedServerProduct,
)

from kg.errors import (
    DatabaseMissing,
    KgError,
    LoginRefused,
    QueryFailed,
    QueryTimedOut,
    ServerError,
    ServerReadOnly,
    ServerTooOld,
    ServerUnreachable,
)
from kg.settings import without_secrets

_TIMED_OUT = ("TransactionTimedOut", "TransactionTimedOutClientConfiguration", "LockClientStopped")
_READ_ONLY = ("NotALeader", "ForbiddenOnReadOnlyDatabase", "WriteOnReadOnlyAccessDatabase", "ReadOnly", "Forbidden")


@contextmanager
def explained(uri: str, username: str, database: str, seconds: float) -> Generator[None]:
    """Raise what the server or the driver says inside the block as one of our errors; the original is its cause."""
    try:
        yield
    except Neo4jError as error:
        raise _from_server(error, without_secrets(uri), username, database, seconds) from error
    except DriverError as error:
        raise _from_driver(error, uri) from error


def _message(error: Exception, uri: str) -> str:
    """The driver's own words, in which the address may stand."""
    return str(error).replace(uri, without_secrets(uri)) if uri else str(error)


@contextmanager
def explained_address(uri: str) -> Generator[None]:
    """The same for what the driver makes of an address: it uses Python's own errors for a bad or unknown one."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise ServerError(f"NEO4J_URI {without_secrets(uri)!r} is not usable: {_message(error, uri)}") from error


def _from_server(error: Neo4jError, uri: str, username: str, database: str, seconds: float) -> KgError:
    code, message = error.code or "", (error.message or str(error)).strip()
    title = code.rpartition(".")[2]
    if isinstance(error, AuthError) and title != "Forbidden":
        return LoginRefused(uri, username)
    if title in _TIMED_OUT:
        return QueryTimedOut(seconds)
    if title in _READ_ONLY:
        return ServerReadOnly(uri, message)
    if title == "DatabaseUnavailable":
        return ServerUnreachable(uri, f"its database {database!r} is not up, or was not asked long enough")
    if title == "DatabaseNotFound":
        return DatabaseMissing(uri, database)
    return QueryFailed(code, message)


def _from_driver(error: DriverError, uri: str) -> KgError:
    said, uri = _message(error, uri), without_secrets(uri)
    match error:
        case UnsupportedServerProduct():
            return ServerTooOld(uri, said)
        case ServiceUnavailable() if "handshake" in str(error).lower():
            return ServerTooOld(uri, "no Neo4j that this program can talk to")
        case ConfigurationError():
            return ServerError(f"NEO4J_URI {uri!r} is not usable: {said}")
        case _:
            return ServerUnreachable(uri, said.splitlines()[0] if said else type(error).__name__)
