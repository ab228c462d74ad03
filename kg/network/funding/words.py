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


_GERMAN = ("null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf")
_ENGLISH = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_GERMAN_ONE = "ein"
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


def number(n: int) -> Phrase:
    """A number as a word up to twelve, as figures beyond."""
    return Phrase(_GERMAN[n], _ENGLISH[n]) if n < len(_GERMAN) else Phrase(str(n), str(n))


def listed(words: Sequence[Phrase]) -> Phrase:
    """Several names as people write them: A, B und C."""
    if len(words) < 2:
        return joined(words)
    first, last = joined(words[:-1]), words[-1]
    return Phrase(f"{first.de} und {last.de}", f"{first.en} and {last.en}")


def joined(words: Sequence[Phrase], between: str = ", ") -> Phrase:
    """Several names as one text."""
    return Phrase(between.join(each.de for each in words), between.join(each.en for each in words))


def _where(condition: Condition) -> Phrase:
    """Where a condition looks, with a leading blank; empty when it looks everywhere."""
    area = condition.area
    if area is None:
        return Phrase("", "")
    named = area.members if condition.count == "countries" and area.members else area.label
    return Phrase(f" {named.de}", f" {named.en}")


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
    """How many there are and how many are asked for: "Drei Länder der EU (…), verlangt sind zwei."."""
    land = condition.count == "countries"
    if condition.area and not land and condition.least == 1 and condition.most is None:
        return _one(condition, tally)
    noun = (("Land", "Länder"), ("country", "countries")) if land else (("Partner", "Partner"), ("partner", "partners"))
    where, few, n = _where(condition), tally.high < condition.least, tally.low
    german = f"{'kein' if n == 0 else _GERMAN_ONE if n == 1 else number(n).de} {noun[0][n > 1]}{where.de}"
    english = f"{'no' if n == 0 else number(n).en} {noun[1][n != 1]}{where.en}"
    if few and n:
        german, english = f"nur {german}", f"only {english}"
    sure, maybe, wanted = joined(tally.sure), joined(tally.open), _wanted(condition, land)
    names = Phrase(f" ({sure.de})", f" ({sure.en})") if tally.sure else Phrase("", "")
    doubt = Phrase(f"; nicht zu entscheiden bei {maybe.de}", f"; undecided for {maybe.en}") if tally.open else Phrase("", "")
    start = Phrase(german[0].upper() + german[1:], english[0].upper() + english[1:])
    return joined([start, names, wanted, doubt, Phrase(".", ".")], "")


def _one(condition: Condition, tally: Tally) -> Phrase:
    """Who lies where one of them must."""
    where, who, maybe = _where(condition), listed(tally.sure), listed(tally.open)
    if tally.sure:
        german, english = ("liegt", "lies") if len(tally.sure) == 1 else ("liegen", "lie")
        wanted = Phrase("; verlangt ist ein Partner von dort.", "; one partner from there is required.")
        return joined([Phrase(f"{who.de} {german}{where.de}", f"{who.en} {english}{where.en}"), wanted], "")
    if tally.open:
        start = Phrase(f"Ob {maybe.de}{where.de} liegt", f"Whether {maybe.en} lies{where.en}")
        wanted = Phrase(
            ", ist nicht zu entscheiden; verlangt ist einer von dort.", " cannot be decided; one from there is required."
        )
        return joined([start, wanted], "")
    return Phrase(
        f"Kein Partner liegt{where.de}; verlangt ist einer von dort.",
        f"No partner lies{where.en}; one from there is required.",
    )


def _wanted(condition: Condition, land: bool) -> Phrase:
    least, most = condition.least, condition.most
    if most is None:
        if least == 1:
            return Phrase(f", verlangt ist {'eines' if land else 'einer'}", "; one is required")
        return Phrase(f", verlangt sind {number(least).de}", f"; {number(least).en} are required")
    if not most:
        return Phrase(f"; {'keines' if land else 'keiner'} darf es sein", "; there may be none")
    low, high = (number(least), number(most)) if most < len(_GERMAN) else (Phrase(str(n), str(n)) for n in (least, most))
    if least == most:
        return Phrase(f", verlangt sind genau {high.de}", f"; exactly {high.en} are required")
    if not least:
        return Phrase(f", erlaubt sind höchstens {high.de}", f"; at most {high.en} are allowed")
    return Phrase(f", verlangt sind {low.de} bis {high.de}", f"; {low.en} to {high.en} are required")


def _outside(condition: Condition, tally: Tally) -> Phrase:
    where = _where(condition)
    if not tally.sure and not tally.open:
        return Phrase(f"Alle Partner liegen{where.de}.", f"All partners lie{where.en}.")
    one = Phrase(f"liegt nicht{where.de}", f"does not lie{where.en}")
    return _doubts(tally, one, Phrase(f"liegen nicht{where.de}", f"do not lie{where.en}"))


def _kinds(condition: Condition, tally: Tally) -> Phrase:
    wanted = joined([LABELS[each] for each in LABELS if each in condition.allowed], " / ")
    if not tally.sure and not tally.open:
        return Phrase(
            f"Die Partner sind von der verlangten Art: {wanted.de}.", f"The partners are of the required sort: {wanted.en}."
        )
    one = Phrase(f"ist keine {wanted.de}", f"is no {wanted.en}")
    return _doubts(tally, one, Phrase(f"sind keine {wanted.de}", f"are no {wanted.en}"))


def _doubts(tally: Tally, one: Phrase, several: Phrase) -> Phrase:
    """Who does not fit, and of whom it is not known; ``one`` and ``several`` say what is the matter with them."""
    parts: list[Phrase] = []
    if tally.sure:
        what = one if len(tally.sure) == 1 else several
        parts.append(Phrase(f"{listed(tally.sure).de} {what.de}.", f"{listed(tally.sure).en} {what.en}."))
    if tally.open:
        who = listed(tally.open)
        parts.append(Phrase(f"Bei {who.de} ist das nicht zu entscheiden.", f"For {who.en} that cannot be decided."))
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
