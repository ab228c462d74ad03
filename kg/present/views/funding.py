"""A funding programme's answer in words and in rows, alike for the page, the command and the council paper."""

from collections.abc import Mapping, Sequence
from typing import Any

from kg.model.dates import parse_date
from kg.network.funding.calls import STATES, YEARS, When, evidence_of
from kg.network.funding.evaluate import Answer
from kg.present.texts import Language, t
from kg.present.texts.words import said_date

COLUMNS = ("programme", "verdict", "when", "name", "when_text", "reasons", "money", "as_of", "checked", "source")
MORE_COLUMNS = ("to_be_met", "remarks", "legs", "next", "seen", "for_all", "stale")
"""What only JSON shows."""


def verdict_groups(answers: Sequence[Answer]) -> Mapping[str, list[Answer]]:
    """Answers by verdict: what passes, then what is unknown, then what fails; in each what can be had first."""
    soonest = sorted(answers, key=lambda answer: (STATES.index(answer.when.state), answer.for_all))
    return {verdict: [a for a in soonest if a.verdict == verdict] for verdict in ("pass", "unknown", "fail")}


def when_label(when: When, language: Language) -> str:
    """Whether there is a call, in a few words: "offen bis 31. März 2027"."""
    named = f"{when.state}_{when.by}" if when.state == "expected" else when.state
    named += "_days" if when.state == "rolling" and when.date else ""
    return t(f"funding.state_{named}", language, date=said_date(when.date, language)).strip()


def when_sentence(answer: Answer, language: Language) -> str:
    """Whether there is a call and how that is known, in sentences; that nobody has looked for a year comes first."""
    when, calendar = answer.when, answer.programme.calendar
    named = f"{when.by}_days" if when.by == "rolling" and when.date else when.by
    named += "_over" if when.by == "period" and when.state == "ended" else ""
    date = calendar.ends if when.by == "period" else when.date
    values: dict[str, str] = {"date": said_date(date, language), "on": _on(date, language)}
    if call := when.call:
        values |= {"name": call.name, "last": _on(call.closes or call.opens, language)}
        named += "_opened" if when.by == "rhythm" and not call.closes else ""
    if when.by == "rhythm":
        values["rhythm"] = t(f"funding.rhythm_{calendar.rhythm}", language)
    told = [t(f"funding.by_{named}", language, **values)]
    if when.by == "rhythm" and call and int(when.date[:4]) - call.due.year > YEARS[calendar.rhythm]:
        told.append(t("funding.missed", language))
    if when.unchecked:
        told.insert(0, t("funding.unchecked", language, date=said_date(calendar.checked, language)))
    return " ".join(told)


def _on(date: str, language: Language) -> str:
    """A date with the preposition that its precision wants: "am 23.09.2026", "im Januar 2023", "2024"."""
    precision = parse_date(date).precision if date else "year"
    return t(f"funding.on_{precision}", language, date=said_date(date, language))


def remarks(answer: Answer, language: Language) -> list[str]:
    """What else is to be known of an answer: changed rules, an old text, what comes after, and that it fits everybody."""
    rule = answer.programme
    told = [note.text.text(language) for note in (rule.changed, rule.outlook) if note]
    if answer.stale:
        told.append(t("funding.stale", language, date=said_date(answer.as_of, language)))
    if answer.for_all:
        told.append(t("funding.for_all", language))
    return told


def answer_row(answer: Answer, language: Language) -> dict[str, Any]:
    """A funding programme's answer in words."""
    rule = answer.programme
    return {
        "programme": answer.programme_id, "name": rule.name.text(language), "verdict": answer.verdict, "when": answer.when.state,
        "when_text": when_sentence(answer, language), "next": answer.when.date if answer.when.obtainable else "",
        "seen": [{"url": each.url, "on": each.on} for each in evidence_of(rule.calendar, answer.when)],
        "reasons": [reason.text.text(language) for reason in answer.reasons], "remarks": remarks(answer, language),
        "to_be_met": [words.text(language) for words in answer.to_be_met],
        "legs": [list(leg) for leg in answer.legs], "money": rule.money.text(language),
        "source": answer.source, "as_of": answer.as_of, "stale": answer.stale, "checked": rule.calendar.checked,
        "for_all": answer.for_all,
    }  # fmt: skip
