"""The sentences in which the funding evaluator explains itself, German and English."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale

from kg.network.funding.rules import Condition, Words
from kg.vocabulary import KINDS

LABELS = {
    "City": Words("Stadt oder Gemeinde", "town or municipality"),
    "District": Words("Kreis, Provinz oder Departement", "county, province or department"),
    "Region": Words("Land oder Region", "state or region"),
    "Country": Words("Staat", "country"),
}


OPEN = Words("Ob es auch so geht, lässt die Quelle offen.", "The source leaves open whether that will do.")


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted: at least ``low``, at most ``high`` (more may be true than is on record), with names."""

    low: int
    high: float
    sure: tuple[Words, ...] = ()
    open: tuple[Words, ...] = ()


@cache
def country(code: str) -> Words:
    """A country's name by its ISO code; the code itself when it has none."""
    names = [Locale.parse(language).territories for language in ("de", "en")]  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return Words(*(str(each.get(code, code)) for each in names))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportUnknownVariableType]


def joined(words: Sequence[Words], between: str = ", ") -> Words:
    """Several names as one text."""
    return Words(between.join(each.de for each in words), between.join(each.en for each in words))


def bound(condition: Condition) -> Words:
    """The bounds of a condition in words: at least 3, 3 to 6, at most 3, exactly 3, none."""
    least, most = condition.least, condition.most
    if most is None:
        return Words(f"mindestens {least}", f"at least {least}")
    if least == most:
        return Words(f"genau {least}", f"exactly {least}") if most else Words("keiner", "none")
    return Words(f"{least} bis {most}", f"{least} to {most}") if least else Words(f"höchstens {most}", f"at most {most}")


def label(condition: Condition) -> Words:
    """Where a condition looks, with a leading blank; empty when it looks everywhere."""
    return Words(f" {condition.area.label.de}", f" {condition.area.label.en}") if condition.area else Words("", "")


def say(condition: Condition, tally: Tally, verdict: str) -> Words:
    """The reason for a verdict about one condition, one or two sentences."""
    if condition.count in ("places", "countries"):
        words = _amount(condition, tally)
    else:
        words = {"outside": _outside, "kinds": _kinds, "ties": _ties}[condition.count](condition, tally)
    breached = tally.high < condition.least or (condition.most is not None and tally.low > condition.most)
    if verdict == "unknown" and breached:
        return joined([words, OPEN], " ")
    return words


def _amount(condition: Condition, tally: Tally) -> Words:
    n, where, limits, sure, maybe = tally.low, label(condition), bound(condition), joined(tally.sure), joined(tally.open)
    if condition.count == "places":
        start = Words(f"{n} Partner{where.de}", f"{n} {'partner' if n == 1 else 'partners'}{where.en}")
    else:
        start = Words(
            f"Partner{where.de} aus {n} {'Land' if n == 1 else 'Ländern'}",
            f"Partners{where.en} from {n} {'country' if n == 1 else 'countries'}",
        )
    names = Words(f" ({sure.de})", f" ({sure.en})") if tally.sure else Words("", "")
    doubt = Words(f"; offen: {maybe.de}", f"; undecided: {maybe.en}") if tally.open else Words("", "")
    end = Words(f"; verlangt: {limits.de}.", f"; required: {limits.en}.")
    return joined([start, names, doubt, end], "")


def _outside(condition: Condition, tally: Tally) -> Words:
    where = label(condition)
    if not tally.sure and not tally.open:
        return Words(f"Alle Partner liegen{where.de}.", f"All partners lie{where.en}.")
    return _doubts(tally, where)


def _kinds(condition: Condition, tally: Tally) -> Words:
    wanted = joined([LABELS[each] for each in LABELS if each in condition.allowed], " / ")
    if not tally.sure and not tally.open:
        return Words(f"Verlangte Art der Partner erfüllt: {wanted.de}.", f"The partners are of the required sort: {wanted.en}.")
    return _doubts(tally, Words(f" {wanted.de}", f" {wanted.en}"))


def _doubts(tally: Tally, what: Words) -> Words:
    sure, maybe = joined(tally.sure), joined(tally.open)
    parts = [Words(f"Nicht{what.de}: {sure.de}.", f"Not{what.en}: {sure.en}.")] if tally.sure else []
    if tally.open:
        parts.append(Words(f"Nicht zu entscheiden, ob{what.de}: {maybe.de}.", f"Cannot be decided whether{what.en}: {maybe.en}."))
    return joined(parts, " ")


def _ties(condition: Condition, tally: Tally) -> Words:
    if tally.sure:
        return Words(f"Belegt: {joined(tally.sure).de}.", f"On record: {joined(tally.sure).en}.")
    if tally.open:
        maybe = joined(tally.open)
        return Words(f"Belegt, aber nicht sicher ausreichend: {maybe.de}.", f"On record, but perhaps not enough: {maybe.en}.")
    wanted = joined([Words(KINDS[each].de, KINDS[each].en) for each in KINDS if each in condition.allowed], " / ")
    return Words(f"Nicht belegt: {wanted.de} zwischen diesen Partnern.", f"Not on record: {wanted.en} between these partners.")


def leg(pair: Sequence[str], others: Sequence[str], verdict: str) -> Words:
    """Which part of a constellation an answer is about."""
    inside, rest = "–".join(pair), ", ".join(others)
    if verdict == "fail":
        return Words(
            f"Für keine zwei dieser Partner; am nächsten kommt {inside}.",
            f"For no two of these partners; {inside} comes nearest.",
        )
    return Words(f"Gilt für {inside}; nicht beteiligt: {rest}.", f"This is about {inside}; not part of it: {rest}.")


def size_class(limit: int, populations: Sequence[tuple[str, int | None]]) -> Words:
    """In which of two classes of inhabitants each place falls; a population that is not known is said."""

    def side(count: int | None, over: str, under: str, blank: str) -> str:
        return blank if count is None else over if count > limit else under

    german = ", ".join(f"{name} {side(count, 'darüber', 'bis dahin', 'nicht bekannt')}" for name, count in populations)
    english = ", ".join(f"{name} {side(count, 'above', 'up to it', 'not known')}" for name, count in populations)
    number = f"{limit:,}"
    return Words(
        f"Zwei Größenklassen, Grenze {number.replace(',', '.')} Einwohner: {german}.",
        f"Two size classes, limit {number} inhabitants: {english}.",
    )
