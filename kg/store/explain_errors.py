"""From the driver's errors to sentences."""

import re
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

_LOGIN = re.compile(r"^(\s*[a-z0-9+.-]*:?/+|).*@", re.IGNORECASE | re.DOTALL)
_QUERY = re.compile(r"[?#].*", re.DOTALL)
_TIMED_OUT = ("TransactionTimedOut", "TransactionTimedOutClientConfiguration", "LockClientStopped")
_READ_ONLY = ("NotALeader", "ForbiddenOnReadOnlyDatabase", "WriteOnReadOnlyAccessDatabase", "ReadOnly", "Forbidden")


@contextmanager
def explained(uri: str, username: str, database: str, seconds: float) -> Generator[None]:
    """Raise what the server or the driver says inside the block as one of our errors; the original is its cause."""
    try:
        yield
    except Neo4jError as error:
        raise _from_server(error, shown(uri), username, database, seconds) from error
    except DriverError as error:
        raise _from_driver(error, uri) from error


def shown(uri: str) -> str:
    """An address as it may be printed: without the login and the query that somebody wrote into it."""
    return _QUERY.sub(r"?…", _LOGIN.sub(r"\1…@", uri))


def _told(error: Exception, uri: str) -> str:
    """The driver's own words, in which the address may stand."""
    return str(error).replace(uri, shown(uri)) if uri else str(error)


@contextmanager
def explained_address(uri: str) -> Generator[None]:
    """The same for what the driver makes of an address: it uses Python's own errors for a bad or unknown one."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise ServerError(f"NEO4J_URI {shown(uri)!r} is not usable: {_told(error, uri)}") from error


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
    said, uri = _told(error, uri), shown(uri)
    match error:
        case UnsupportedServerProduct():
            return ServerTooOld(uri, said)
        case ServiceUnavailable() if "handshake" in str(error).lower():
            return ServerTooOld(uri, "no Neo4j that this program can talk to")
        case ConfigurationError():
            return ServerError(f"NEO4J_URI {uri!r} is not usable: {said}")
        case _:
            return ServerUnreachable(uri, said.splitlines()[0] if said else type(error).__name__)
