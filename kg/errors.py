"""What can go wrong, as one tree; every message is a sentence a user can act on.

::

    KgError                      anything the program can explain; exit code 1
    |-- UsageError               the command or the page was asked something it cannot mean; exit code 2
    |   |-- PlaceNotFound        no place, or several, answer to a name; carries the candidates
    |   `-- QueryFileError       a file in queries/ whose header and text disagree
    |-- DataError                a row, a file or a rule that cannot be taken; names file, line, column
    |-- EngineError              the database cannot be started or reached
    |   |-- LocalEngineError     the local server: not installed, no download, port taken, folder not writable
    |   `-- ServerError          a server named by NEO4J_URI: unreachable, wrong password, too old, read-only
    |-- LoadError                a load was refused or stopped; the graph is as it was or resumes at the next run
    `-- QueryRefused             the guarded console will not run this query, and says which part of it
"""

from collections.abc import Sequence


class KgError(Exception):
    """Base of everything the program explains in a sentence."""

    exit_code = 1


class UsageError(KgError):
    """The request itself makes no sense."""

    exit_code = 2


class PlaceNotFound(UsageError):
    """No single place answers to a name."""

    def __init__(self, name: str, candidates: Sequence[str]) -> None:
        """Keep ``candidates`` (readable, best first) for whoever shows them."""
        self.name, self.candidates = name, tuple(candidates)
        hint = "did you mean: " + "; ".join(candidates) if candidates else "nothing in the graph is called so"
        super().__init__(f"{name!r} is no single place of the graph; {hint}.")


class QueryFileError(UsageError):
    """A query file is not usable."""


class DataError(KgError):
    """Input that cannot be taken."""


class EngineError(KgError):
    """The database cannot be started or reached."""


class LocalEngineError(EngineError):
    """The program's own local Neo4j cannot run."""


class ServerError(EngineError):
    """A server given by address cannot be used."""


class LoadError(KgError):
    """A load was refused or stopped."""


class QueryRefused(KgError):
    """The guarded console will not run a query."""
