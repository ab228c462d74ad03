"""Footnotes: the claims behind a statement in one line, and the numbered list of the sources they come from."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from kg.model.clocks import is_dated, time_of
from kg.present.paper.document import CitedText, web_address
from kg.present.texts import Language, t
from kg.present.texts.words import locator_words, said_date
from kg.store import cypher
from kg.store.driver import Graph
from kg.store.reading import ClaimCard

_IN_FULL, _CITED = 2, 8
"""Sources that a footnote names in full, and how many it names at all; those in between stand there by their number."""


@dataclass(slots=True)
class Notes:
    """Collects footnotes in the order in which they are asked for."""

    language: Language
    texts: list[CitedText] = field(default_factory=list[CitedText])
    numbers: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, text: str, address: str = "") -> tuple[int, ...]:
        """A footnote of our own."""
        self.texts.append(CitedText(text, (), web_address(address)))
        return (len(self.texts),)

    def of(self, claims: Iterable[ClaimCard], lead: str = "") -> tuple[int, ...]:
        """A footnote that names the sources of the claims, the most trusted and latest first; ``lead`` goes before them."""
        best: dict[str, ClaimCard] = {}
        for claim in sorted(sorted(claims, key=lambda c: c.id), key=lambda c: (c.trust, time_of(c)), reverse=True):
            best.setdefault(claim.source, claim)
        cited = [self._cited(claim) for claim in list(best.values())[:_IN_FULL]]
        more = [f"Q{self._number(source)}" for source in list(best)[_IN_FULL:_CITED]]
        also = [t("dossier.note_more", self.language, numbers=", ".join(more))] if more else []
        also += [t("dossier.note_rest", self.language, n=len(best) - _CITED)] if len(best) > _CITED else []
        return self.add(" ".join(part for part in (lead, "; ".join((*cited, *also))) if part))

    def _cited(self, claim: ClaimCard) -> str:
        published = f"{claim.publisher}: " if claim.publisher else ""
        where = f", {locator_words(claim.locator, self.language)}" if claim.locator else ""
        when = said_date(time_of(claim), self.language)
        dated = " " + t("word.as_of" if is_dated(claim) else "word.at_the_latest", self.language, date=when) if when else ""
        return f"Q{self._number(claim.source)} {published}{claim.title}{where}{dated}"

    def _number(self, source: str) -> int:
        return self.numbers.setdefault(source, len(self.numbers) + 1)

    def sources(self, graph: Graph) -> list[CitedText]:
        """Every source that was cited, by number, with its dates and its address as plain text."""
        rows = {row["id"]: row for row in graph.read(cypher.SOURCES, {"ids": list(self.numbers)})}
        return [
            CitedText(f"Q{number} {self._source(rows[source])}", (), web_address(rows[source]["url"]))
            for source, number in self.numbers.items()
        ]

    def _source(self, row: Mapping[str, str]) -> str:
        dates = [
            t(f"dossier.{name}", self.language, date=said_date(row[name], self.language))
            for name in ("published", "retrieved") if row[name]
        ]  # fmt: skip
        parts = (row["title"], row["publisher"], ", ".join(dates))
        return ". ".join(part for part in parts if part)


def picked(claims: Iterable[ClaimCard], *wanted: Callable[[ClaimCard], bool]) -> list[ClaimCard]:
    """The claims that say one of the things; all of them if none does."""
    every = list(claims)
    return [claim for claim in every if any(test(claim) for test in wanted)] or every
