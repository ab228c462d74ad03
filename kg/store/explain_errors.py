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

_TIMED_OUT = ("TransactionTimedOut", "TransactionTimedOutClientConfiguration", "LockClientStopped")
_READ_ONLY = ("NotALeader", "ForbiddenOnReadOnlyDatabase", "WriteOnReadOnlyAccessDatabase", "ReadOnly", "Forbidden")


@contextmanager
def explained(uri: str, username: str, database: str, seconds: float) -> Generator[None]:
    """Raise what the server or the driver says inside the block as one of our errors; the original is its cause."""
    try:
        yield
    except Neo4jError as error:
        raise _from_server(error, uri, username, database, seconds) from error
    except DriverError as error:
        raise _from_driver(error, uri) from error


@contextmanager
def explained_address(uri: str) -> Generator[None]:
    """The same for what the driver makes of an address: it uses Python's own errors for a bad or unknown one."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise ServerError(f"NEO4J_URI {uri!r} is not usable: {error}") from error


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
    match error:
        case UnsupportedServerProduct():
            return ServerTooOld(uri, str(error))
        case ServiceUnavailable() if "handshake" in str(error).lower():
            return ServerTooOld(uri, "no Neo4j that this program can talk to")
        case ConfigurationError():
            return ServerError(f"NEO4J_URI {uri!r} is not usable: {error}")
        case _:
            return ServerUnreachable(uri, str(error).splitlines()[0] if str(error) else type(error).__name__)
