"""What can go wrong, as one tree; every message is a sentence a user can act on.

::

    KgError                      anything the program can explain; exit code 1
    |-- UsageError               the command or the page was asked something it cannot mean; exit code 2
    |   |-- NotAllowed           the app writes nothing for whoever asks: not logged in, or a reader
    |   |-- PlaceNotFound        no place, or several, answer to a name; carries the candidates
    |   |-- NothingLoaded        a place was asked for and the graph has none
    |   `-- QueryFileError       a file in queries/ whose header and text disagree
    |-- DataError                a row, a file or a rule that cannot be taken; names file, line, column
    |-- EngineError              the database cannot be started or reached
    |   |-- EngineStarting       it does not answer yet; asking again later helps
    |   |-- LocalEngineError     the program's own server
    |   |   |-- LocalEngineMissing   the optional packages are not installed
    |   |   |-- DownloadFailed       its files cannot be fetched
    |   |   |-- FolderNotWritable    KG_HOME or KG_CACHE cannot be written
    |   |   |-- PortTaken            another program listens at the port
    |   |   |-- DiskFull             no room is left where the data folder stands
    |   |   |-- StoreDamaged         the database's files cannot be read any more
    |   |   `-- EngineStartFailed    anything else, with what the server said
    |   |-- ServerError          a server, as a rule the one named by NEO4J_URI
    |   |   |-- ServerUnreachable    nothing answers there
    |   |   |-- LoginRefused         user name or password are wrong
    |   |   |-- ServerTooOld         older than Neo4j 5
    |   |   |-- ServerReadOnly       it takes no writes, or not from this user
    |   |   `-- DatabaseMissing      the server has no database of that name
    |   |-- GraphNotOurs         the graph is of a newer program, or half restored
    |   |-- QueryTimedOut        a query took longer than it was given
    |   `-- QueryFailed          the server refused a query; ``code`` is Neo4j's own
    |-- PortalSilent             the EU's portal of calls gives no usable answer
    |-- LoadError                a load was refused or stopped; the graph is as it was or resumes at the next run
    |-- BackupError              a backup cannot be written, or a file cannot be restored; the graph is as it was
    `-- QueryRefused             the guarded console will not run this query, and says which part of it

Whatever is none of these is a fault of the program: `kg.cli.fault` ends it with a sentence, a file and exit code 70.
"""

from collections.abc import Sequence
from pathlib import Path


class KgError(Exception):
    """Base of everything the program explains in a sentence."""

    exit_code = 1


class UsageError(KgError):
    """The request itself makes no sense."""

    exit_code = 2


class NotAllowed(UsageError):
    """Whoever asks may not write."""


class PlaceNotFound(UsageError):
    """No single place answers to a name."""

    def __init__(self, name: str, candidates: Sequence[str]) -> None:
        """Keep ``candidates`` (readable, best first) for whoever shows them."""
        self.name, self.candidates = name, tuple(candidates)
        hint = "did you mean: " + "; ".join(candidates) if candidates else "nothing in the graph is called so"
        super().__init__(f"{name!r} is no single place of the graph; {hint}.")


class NothingLoaded(UsageError):
    """The graph has no place yet."""

    def __init__(self) -> None:
        """Say how to begin."""
        super().__init__("Nothing has been loaded yet, so no place can be found; begin with: kg ingest bundled")


class QueryFileError(UsageError):
    """A query file is not usable."""


class DataError(KgError):
    """Input that cannot be taken."""


class EngineError(KgError):
    """The database cannot be started or reached."""


class EngineStarting(EngineError):
    """The database does not answer yet, because it is being started or is busy."""


class LocalEngineError(EngineError):
    """The program's own local Neo4j cannot run."""


class ServerError(EngineError):
    """A server given by address cannot be used."""


_ALTERNATIVES = (
    "Use a Neo4j that runs already (NEO4J_URI), the files of an installed one (NEO4J_HOME), or another repository or a "
    "folder laid out like one (KG_REPOSITORY)."
)


class LocalEngineMissing(LocalEngineError):
    """The optional packages of the local server are not there."""

    def __init__(self) -> None:
        """Say how to get them."""
        super().__init__("The local Neo4j is not installed: pip install 'cityties[local]', or set NEO4J_URI to use a server.")


class DownloadFailed(LocalEngineError):
    """The server's files cannot be fetched."""

    def __init__(self, repository: str, reason: str) -> None:
        """Name the address that was asked and what it answered."""
        super().__init__(f"Neo4j cannot be downloaded from {repository} ({reason}). {_ALTERNATIVES}")


class FolderNotWritable(LocalEngineError):
    """A folder cannot be written."""

    def __init__(self, folder: Path, variable: str) -> None:
        """Name the folder and the variable that names another."""
        super().__init__(f"The folder {folder} cannot be written; set {variable} to one that can.")


class PortTaken(LocalEngineError):
    """Another program listens at the port."""

    def __init__(self, port: int) -> None:
        """Name the port; 0 means that no free one was found."""
        what = f"Port {port} is used by another program" if port else "No free port was found"
        super().__init__(f"{what}; set KG_PORT to another one, or to 0 for any free one.")


class EngineStartFailed(LocalEngineError):
    """The local server does not come up."""

    def __init__(self, reason: str) -> None:
        """Pass on what is known."""
        super().__init__(f"The local Neo4j does not start: {reason}.")


class DiskFull(LocalEngineError):
    """No room is left where the data folder stands."""

    def __init__(self, folder: Path, free: int) -> None:
        """Name the folder and how many bytes are left."""
        super().__init__(
            f"The disk that holds {folder} is full ({free / 1e6:.1f} MB are free); make room, or set KG_HOME to a folder on"
            " another disk, and run again."
        )


class StoreDamaged(LocalEngineError):
    """The database's files cannot be read any more."""

    def __init__(self, folder: Path, reason: str, backup: str) -> None:
        """Name the folder, what the server said, and the last backup, if there is one."""
        file = backup or "FILE"
        otherwise = "" if backup else ", or, if there is no backup, kg ingest for each source after moving the folder away"
        super().__init__(
            f"The database in {folder} is damaged ({reason}). The way out: kg db restore {file} --fresh, which puts the damaged"
            f" files aside and restores the backup{otherwise}."
        )


class ServerUnreachable(ServerError):
    """Nothing answers at the address."""

    def __init__(self, uri: str, reason: str) -> None:
        """Name the address."""
        super().__init__(f"No Neo4j answers at {uri} ({reason}); check NEO4J_URI, or unset it to use the local one.")


class LoginRefused(ServerError):
    """User name or password are wrong."""

    def __init__(self, uri: str, username: str) -> None:
        """Name the user, never the password."""
        super().__init__(f"Neo4j at {uri} refuses the login of {username!r}; check NEO4J_USERNAME and NEO4J_PASSWORD.")


class ServerTooOld(ServerError):
    """The server is older than what the program needs."""

    def __init__(self, uri: str, version: str) -> None:
        """Name its version."""
        super().__init__(
            f"The server at {uri} is {version}, but Neo4j 5 or newer is needed; unset NEO4J_URI to use the local one."
        )


class ServerReadOnly(ServerError):
    """The server takes no writes from us."""

    def __init__(self, uri: str, reason: str) -> None:
        """Pass on what the server said."""
        super().__init__(f"Neo4j at {uri} takes no changes ({reason}); use a user and a database that may be written.")


class DatabaseMissing(ServerError):
    """The server has no database of that name."""

    def __init__(self, uri: str, database: str) -> None:
        """Name it."""
        super().__init__(f"Neo4j at {uri} has no database {database!r}; set NEO4J_DATABASE to one that exists.")


class GraphNotOurs(EngineError):
    """The graph is of a newer program, or half restored."""


class QueryTimedOut(EngineError):
    """A query took longer than it was given."""

    def __init__(self, seconds: float) -> None:
        """Name the limit."""
        super().__init__(f"The query was stopped because it took longer than {seconds:g} s; narrow it or give it more time.")


class QueryFailed(EngineError):
    """The server refused a query."""

    def __init__(self, code: str, reason: str) -> None:
        """Keep Neo4j's code and its message."""
        self.code = code
        super().__init__(f"Neo4j refuses the query: {reason}")


class PortalSilent(KgError):
    """The EU's portal of calls gives no usable answer."""

    def __init__(self, address: str, reason: str) -> None:
        """Name the address that was asked and what came of it."""
        super().__init__(
            f"The EU's Funding and Tenders Portal gives no usable answer at {address} ({reason}). The calls on record stay as "
            "they are; ask again when there is a connection, or set KG_FUNDING_PORTAL to the address of its search."
        )


class LoadError(KgError):
    """A load was refused or stopped."""


class BackupError(KgError):
    """A backup cannot be written, or a file cannot be restored."""


class QueryRefused(KgError):
    """The guarded console will not run a query."""
