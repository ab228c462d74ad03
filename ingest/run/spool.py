"""Claims on their way to the graph: kept until all are made and judged, so that a load that is refused changes nothing.

They go to a file without a name, so memory stays bounded; of each claim eight bytes of its id stay in memory.
"""

import pickle
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from kg.model.claims import Claim

_IN_MEMORY = 32 << 20


class Spool:
    """Chunks of claims, written once and read once; a context manager that leaves nothing behind."""

    def __init__(self, folder: Path) -> None:
        """Keep what is more than 32 MB under ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=str(folder))  # noqa: SIM115 - closed on leaving
        self._ids = array("Q")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self._file.close()

    def add(self, rows: int, claims: Sequence[Claim]) -> None:
        """Keep the claims that so many rows gave."""
        pickle.dump((rows, claims), self._file, pickle.HIGHEST_PROTOCOL)
        self._ids.extend(_key(claim.id) for claim in claims)

    def chunks(self) -> Iterator[tuple[int, list[Claim]]]:
        """(rows, claims) as they were added."""
        end = self._file.tell()
        self._file.seek(0)
        while self._file.tell() < end:
            yield pickle.load(self._file)

    def seal(self) -> None:
        """Everything was added: from now on it can be asked what is missing."""
        self._stated = np.sort(np.frombuffer(self._ids, np.uint64)) if self._ids else np.zeros(0, np.uint64)

    def missing(self, ids: Iterable[str]) -> int:
        """How many of the ids no claim has."""
        asked = np.array([_key(each) for each in ids], np.uint64)
        at = np.searchsorted(self._stated, asked)
        found = self._stated[np.minimum(at, len(self._stated) - 1)] == asked if len(self._stated) else np.zeros(len(asked), bool)
        return int(len(asked) - np.count_nonzero(found))


def _key(claim: str) -> int:
    return int(claim[:16], 16)
