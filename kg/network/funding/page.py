"""``docs/funding.md``: what the rule file says, as a page to read.

Run ``python -m kg.network.funding.page`` after a change of the rules; a test compares the page with them.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from kg.network.funding.calls import Calendar, Call
from kg.network.funding.catalogue import shipped
from kg.network.funding.rules import Area, Condition, Phrase, Programme
from kg.network.funding.words import LABELS, joined
from kg.vocabulary import KINDS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "funding.md"
INTRODUCTION = """# Funding programmes

Made from `kg/network/funding/funding.toml` by `python -m kg.network.funding.page`; do not edit by hand.

Every programme is a rule that answers **pass**, **fail** or **unknown** for a set of places, with a reason and its source.
*Unknown* is an answer: nothing is guessed where a place is known too coarsely, a tie is not on record or the source is silent.
What the graph cannot know (participants, age, own share) is listed as *to be met*. The facts are as old as their date, never
today's law: a rule older than a year says so, and a programme that nobody has checked for a year begins with that.

Beside the verdict stands **when** there is money, on the day that is asked about: *open* or announced where a call with its dates
has been published; *rolling* where applications are possible at any time; *expected* where only fixed days or the rhythm of past
calls speak for another one; *closed* where nothing does; *ended* where no call can come; *unknown* where nothing was found. Every
date has the address where it was read. `kg funding refresh` asks the EU's portal for the present calls of its programmes. Only
open, rolling and expected programmes count in the score of an opportunity; one for a pair counts a half, and what fits any three
cities of three EU countries a half in all.

A programme of your own: a file `KG_HOME/funding/NAME.toml` with the tables of `kg/network/funding/funding.toml` (`[[programme]]`,
and `[area.NAME]` where the shipped areas do not do). It is checked as the shipped file is, and joins it.

A programme for *a pair* gives money to two partners; in a larger constellation the answer names the pair (a leg).
In an area, `DE11` means the NUTS region and all of its parts; "partly" means that some of it is in, or may be, and the source
does not say which: places there are unknown.
"""


def _bound(condition: Condition) -> Phrase:
    """The bounds of a condition in words: at least 3, 3 to 6, at most 3, exactly 3, none."""
    least, most = condition.least, condition.most
    if most is None:
        return Phrase(f"mindestens {least}", f"at least {least}")
    if least == most:
        return Phrase(f"genau {least}", f"exactly {least}") if most else Phrase("keiner", "none")
    return Phrase(f"{least} bis {most}", f"{least} to {most}") if least else Phrase(f"höchstens {most}", f"at most {most}")


def _codes(codes: Iterable[str]) -> str:
    return " ".join(sorted(codes))


def _where(area: Area | None) -> str:
    return f" {area.label.en}" if area else ""


def condition_text(rule: Condition) -> str:
    """One condition as a phrase for the page."""
    sorts = joined([LABELS[each] for each in LABELS if each in rule.allowed], " / ").en
    texts = {
        "places": f"partners{_where(rule.area)}: {_bound(rule).en}",
        "countries": f"countries of the partners{_where(rule.area)}: {_bound(rule).en}",
        "outside": f"all partners{_where(rule.area)}",
        "kinds": f"partners{_where(rule.area)} are a {sorts}",
        "ties": f"a living {joined([Phrase(each.de, each.en) for each in KINDS.values() if each.id in rule.allowed], ' / ').en} "
        f"between a partner{_where(rule.area)} and one{_where(rule.other)}" + (f" ({rule.programme})" if rule.programme else ""),
    }
    return texts[rule.count] + (" (otherwise unknown)" if rule.lenient else "")


def _programme(rule: Programme) -> str:
    lines = [f"### {rule.name.en}", "", f"`{rule.id}` · {rule.name.de}", "", rule.what.en, ""]
    lines += [f"- for: {'a pair of partners' if rule.scope == 'leg' else 'the partners together'}"]
    lines += [f"- condition: {condition_text(each)}" for each in rule.conditions]
    lines += [f"- to be met: {each.en}" for each in rule.to_be_met]
    lines += [f"- size classes: divided at {rule.size_class:,} inhabitants"] if rule.size_class else []
    lines += [
        f"- money: {rule.money.en}",
        *_calendar(rule.calendar),
        *_notes(rule),
        f"- rule as of {rule.as_of}: <{rule.source}>",
    ]
    return "\n".join([*lines, *(f"- also: <{each}>" for each in rule.also)])


_RHYTHMS = {
    "annual": "every year", "biennial": "every two years", "triennial": "every three years",
    "rolling": "applications at any time", "irregular": "no rhythm", "once": "a single call", "unknown": "not known",
}  # fmt: skip


def _calendar(calendar: Calendar) -> list[str]:
    lines = [f"- rhythm: {_RHYTHMS[calendar.rhythm]} (<{calendar.rhythm_seen.url}>)"]
    if calendar.days and calendar.days_seen:
        lines.append(f"- due every year on (month-day) {', '.join(calendar.days)}: <{calendar.days_seen.url}>")
    lines += [f"- {_call(call)}: <{call.seen.url}>, seen on {call.seen.on}" for call in calendar.calls]
    if calendar.ends_seen:
        lines.append(f"- no call closes after {calendar.ends}: <{calendar.ends_seen.url}>")
    return [*lines, f"- checked on {calendar.checked}"]


def _call(call: Call) -> str:
    opens = f" from {call.opens}" if call.opens else ""
    closes = f" until {call.closes}" if call.closes else ", closing day not known"
    return f"call {call.name}{opens}{closes}"


def _last(calendar: Calendar) -> str:
    return max((call.closes or call.opens for call in calendar.calls), default="")


def _notes(rule: Programme) -> list[str]:
    named = (("changed", rule.changed), ("afterwards", rule.outlook))
    return [f"- {name}: {note.text.en} (<{note.seen}>)" for name, note in named if note]


def _areas(rules: Sequence[Programme]) -> str:
    used = {area.name: area for rule in rules for each in rule.conditions for area in (each.area, each.other) if area}
    rows = [
        f"| {area.label.en} | {area.label.de} | {_codes(area.inside)} | {_codes(area.partly)} |"
        for _, area in sorted(used.items())
    ]
    return "\n".join(["| area | deutsch | inside | partly |", "|---|---|---|---|", *rows])


def funding_page(rules: Sequence[Programme] | None = None) -> str:
    """The whole page as Markdown, ending with a line break."""
    rules = shipped().programmes if rules is None else rules
    table = "\n".join(
        ["| programme | for | rhythm | last known call closed | money |", "|---|---|---|---|---|"]
        + [
            f"| {rule.name.en} (`{rule.id}`) | {'pair' if rule.scope == 'leg' else 'all'} | "
            f"{_RHYTHMS[rule.calendar.rhythm]} | {_last(rule.calendar)} | {rule.money.en} |"
            for rule in rules
        ]
    )
    parts = [INTRODUCTION.strip(), f"{len(rules)} programmes.", table, "## The programmes", *(_programme(rule) for rule in rules)]
    return "\n\n".join([*parts, "## The areas", _areas(rules)]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(funding_page(), encoding="utf-8")
