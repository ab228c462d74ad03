"""The sentences in which the funding evaluator explains itself, German and English."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale

from kg.network.funding.rules import Condition, Phrase
from kg.vocabulary import KINDS

LABELS = {
    "City": Phrase("Stadt oder Gemeinde", "town or municipality"),
    "District": Phrase("Kreis, Provinz oder Departement", "county, province or department"),
    "Region": Phrase("Land oder Region", "state or region"),
    "Country": Phrase("Staat", "country"),
}


OPEN = Phrase("Ob es auch so geht, lässt die Quelle offen.", "The source leaves open whether that will do.")


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted: at least ``low``, at most ``high`` (more may be true than is on record), with names."""

    low: int
    high: float
    sure: tuple[Phrase, ...] = ()
    open: tuple[Phrase, ...] = ()


@cache
def country(code: str) -> Phrase:
    """A country's name by its ISO code; the code itself when it has none."""
    names = [Locale.parse(language).territories for language in ("de", "en")]  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return Phrase(*(str(each.get(code, code)) for each in names))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportUnknownVariableType]


def joined(words: Sequence[Phrase], between: str = ", ") -> Phrase:
    """Several names as one text."""
    return Phrase(between.join(each.de for each in words), between.join(each.en for each in words))


def bound(condition: Condition) -> Phrase:
    """The bounds of a condition in words: at least 3, 3 to 6, at most 3, exactly 3, none."""
    least, most = condition.least, condition.most
    if most is None:
        return Phrase(f"mindestens {least}", f"at least {least}")
    if least == most:
        return Phrase(f"genau {least}", f"exactly {least}") if most else Phrase("keiner", "none")
    return Phrase(f"{least} bis {most}", f"{least} to {most}") if least else Phrase(f"höchstens {most}", f"at most {most}")


def label(condition: Condition) -> Phrase:
    """Where a condition looks, with a leading blank; empty when it looks everywhere."""
    return Phrase(f" {condition.area.label.de}", f" {condition.area.label.en}") if condition.area else Phrase("", "")


def say(condition: Condition, tally: Tally, verdict: str) -> Phrase:
    """The reason for a verdict about one condition, one or two sentences."""
    if condition.count in ("places", "countries"):
        words = _amount(condition, tally)
    else:
        words = {"outside": _outside, "kinds": _kinds, "ties": _ties}[condition.count](condition, tally)
    breached = tally.high < condition.least or (condition.most is not None and tally.low > condition.most)
    if verdict == "unknown" and breached:
        return joined([words, OPEN], " ")
    return words


def _amount(condition: Condition, tally: Tally) -> Phrase:
    n, where, limits, sure, maybe = tally.low, label(condition), bound(condition), joined(tally.sure), joined(tally.open)
    if condition.count == "places":
        start = Phrase(f"{n} Partner{where.de}", f"{n} {'partner' if n == 1 else 'partners'}{where.en}")
    else:
        start = Phrase(
            f"Partner{where.de} aus {n} {'Land' if n == 1 else 'Ländern'}",
            f"Partners{where.en} from {n} {'country' if n == 1 else 'countries'}",
        )
    names = Phrase(f" ({sure.de})", f" ({sure.en})") if tally.sure else Phrase("", "")
    doubt = Phrase(f"; offen: {maybe.de}", f"; undecided: {maybe.en}") if tally.open else Phrase("", "")
    end = Phrase(f"; verlangt: {limits.de}.", f"; required: {limits.en}.")
    return joined([start, names, doubt, end], "")


def _outside(condition: Condition, tally: Tally) -> Phrase:
    where = label(condition)
    if not tally.sure and not tally.open:
        return Phrase(f"Alle Partner liegen{where.de}.", f"All partners lie{where.en}.")
    return _doubts(tally, where)


def _kinds(condition: Condition, tally: Tally) -> Phrase:
    wanted = joined([LABELS[each] for each in LABELS if each in condition.allowed], " / ")
    if not tally.sure and not tally.open:
        return Phrase(f"Verlangte Art der Partner erfüllt: {wanted.de}.", f"The partners are of the required sort: {wanted.en}.")
    return _doubts(tally, Phrase(f" {wanted.de}", f" {wanted.en}"))


def _doubts(tally: Tally, what: Phrase) -> Phrase:
    sure, maybe = joined(tally.sure), joined(tally.open)
    parts = [Phrase(f"Nicht{what.de}: {sure.de}.", f"Not{what.en}: {sure.en}.")] if tally.sure else []
    if tally.open:
        parts.append(
            Phrase(f"Nicht zu entscheiden, ob{what.de}: {maybe.de}.", f"Cannot be decided whether{what.en}: {maybe.en}.")
        )
    return joined(parts, " ")


def _ties(condition: Condition, tally: Tally) -> Phrase:
    if tally.sure:
        return Phrase(f"Belegt: {joined(tally.sure).de}.", f"On record: {joined(tally.sure).en}.")
    if tally.open:
        maybe = joined(tally.open)
        return Phrase(f"Belegt, aber nicht sicher ausreichend: {maybe.de}.", f"On record, but perhaps not enough: {maybe.en}.")
    wanted = joined([Phrase(KINDS[each].de, KINDS[each].en) for each in KINDS if each in condition.allowed], " / ")
    return Phrase(f"Nicht belegt: {wanted.de} zwischen diesen Partnern.", f"Not on record: {wanted.en} between these partners.")


def leg(pair: Sequence[str], others: Sequence[str], verdict: str) -> Phrase:
    """Which part of a constellation an answer is about."""
    inside, rest = "–".join(pair), ", ".join(others)
    if verdict == "fail":
        return Phrase(
            f"Für keine zwei dieser Partner; am nächsten kommt {inside}.",
            f"For no two of these partners; {inside} comes nearest.",
        )
    return Phrase(f"Gilt für {inside}; nicht beteiligt: {rest}.", f"This is about {inside}; not part of it: {rest}.")


def size_class(limit: int, populations: Sequence[tuple[str, int | None]]) -> Phrase:
    """In which of two classes of inhabitants each place falls; a population that is not known is said."""

    def side(count: int | None, over: str, under: str, blank: str) -> str:
        return blank if count is None else over if count > limit else under

    german = ", ".join(f"{name} {side(count, 'darüber', 'bis dahin', 'nicht bekannt')}" for name, count in populations)
    english = ", ".join(f"{name} {side(count, 'above', 'up to it', 'not known')}" for name, count in populations)
    number = f"{limit:,}"
    return Phrase(
        f"Zwei Größenklassen, Grenze {number.replace(',', '.')} Einwohner: {german}.",
        f"Two size classes, limit {number} inhabitants: {english}.",
    )
