"""``docs/funding.md``: what the rule file says, as a page to read.

Run ``python -m kg.network.funding.page`` after a change of the rules; a test compares the page with them.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from kg.network.funding.rules import Area, Condition, Phrase, Programme, programmes
from kg.network.funding.words import LABELS, bound, joined
from kg.vocabulary import KINDS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "funding.md"
INTRODUCTION = """# Funding programmes

Made from `kg/network/funding/funding.toml` by `python -m kg.network.funding.page`; do not edit by hand.

Every programme is a rule that answers **pass**, **fail** or **unknown** for a set of places, with a reason and its source.
*Unknown* is an answer: nothing is guessed where a place is known too coarsely, a tie is not on record or the source is silent.
What the graph cannot know (participants, age, own share) is listed as *to be met*. The facts are as old as their date, never
today's law: a rule older than a year says so, and so does one whose call is over.

A programme for *a pair* gives money to two partners; in a larger constellation the answer names the pair (a leg).
In an area, `DE11` means the NUTS region and all of its parts; "partly" means that some of it is in, or may be, and the source
does not say which: places there are unknown.
"""


def _codes(codes: Iterable[str]) -> str:
    return " ".join(sorted(codes))


def _where(area: Area | None) -> str:
    return f" {area.label.en}" if area else ""


def condition_text(rule: Condition) -> str:
    """One condition as a phrase for the page."""
    sorts = joined([LABELS[each] for each in LABELS if each in rule.allowed], " / ").en
    texts = {
        "places": f"partners{_where(rule.area)}: {bound(rule).en}",
        "countries": f"countries of the partners{_where(rule.area)}: {bound(rule).en}",
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
    lines += [f"- money: {rule.money.en}", f"- deadline: {rule.deadline.en}", f"- as of {rule.as_of}: <{rule.source}>"]
    return "\n".join([*lines, *(f"- also: <{each}>" for each in rule.also)])


def _areas(rules: Sequence[Programme]) -> str:
    used = {area.name: area for rule in rules for each in rule.conditions for area in (each.area, each.other) if area}
    rows = [
        f"| {area.label.en} | {area.label.de} | {_codes(area.inside)} | {_codes(area.partly)} |"
        for _, area in sorted(used.items())
    ]
    return "\n".join(["| area | deutsch | inside | partly |", "|---|---|---|---|", *rows])


def funding_page(rules: Sequence[Programme] | None = None) -> str:
    """The whole page as Markdown, ending with a line break."""
    rules = programmes() if rules is None else rules
    table = "\n".join(
        ["| programme | for | as of | money |", "|---|---|---|---|"]
        + [
            f"| {rule.name.en} (`{rule.id}`) | {'pair' if rule.scope == 'leg' else 'all'} | {rule.as_of} | {rule.money.en} |"
            for rule in rules
        ]
    )
    parts = [INTRODUCTION.strip(), f"{len(rules)} programmes.", table, "## The programmes", *(_programme(rule) for rule in rules)]
    return "\n\n".join([*parts, "## The areas", _areas(rules)]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(funding_page(), encoding="utf-8")
