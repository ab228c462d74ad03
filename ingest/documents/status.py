"""How a clause says a tie stands: its status, level, beginning and end, and whether it says so at all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.documents.dates import Dated
from ingest.documents.language import Lexicon

_OF_A_PLAN = frozenset({"proposed", "planned", "rejected"})
"""What a main clause says of the infinitive that hangs on it: schlägt vor, eine Partnerschaft einzugehen."""


@dataclass(frozen=True, slots=True)
class Standing:
    """``stated`` is False where the text only shows that the tie exists; ``hearsay`` where it does not even say that."""

    status: str = "active"
    level: str = ""
    since: str = ""
    until: str = ""
    stated: bool = False
    negated: bool = False
    hearsay: bool = False


def standing_of(text: str, dates: Sequence[Dated], known: Lexicon, published: str, before: str = "") -> Standing:
    """The standing of a tie in a clause in small letters; ``before`` is the clause that it hangs on."""
    status = next((name for name, pattern in known.statuses if pattern.search(text)), "")
    if status in {"ended", "suspended"} and before and dict(known.statuses)["keeps"].search(f"{before}, {text}"):
        status = "keeps"
    if status in {"ended", "suspended"} and before and dict(known.statuses)["proposed"].search(before):
        status = "keeps"  # somebody wants it to end: until then it is there
    if not status and before and known.pattern("dependent").search(text):
        status = next((name for name, pattern in known.statuses if name in _OF_A_PLAN and pattern.search(before)), "")
    existing = bool(known.pattern("attributes.existing").search(text))
    if existing and status in {"planned", "proposed", "rejected", "signed"}:
        status = "" if status != "signed" else status
    hearsay = bool(known.pattern("hearsay").search(text)) and status not in {"signed", "ended", "suspended", "keeps"}
    since = _since(text, dates, status, known, published)
    until = _first(dates) if status == "ended" else ""
    level = ""
    if status in {"dormant", "suspended", "ended", "weak"}:
        level = "official" if known.pattern("attributes.official").search(text) else ""
    shown = {"keeps": "active", "signed": "active", "": "active"}.get(status, status)
    return Standing(shown, level, since, until, bool(status), _negated(text, known) and status != "keeps", hearsay)


def _negated(text: str, known: Lexicon) -> bool:
    if known.pattern("positive_of_negation").search(text):
        return False
    plain = known.pattern("not_only").sub(" ", text)
    return bool(known.pattern("negators").search(plain))


def _since(text: str, dates: Sequence[Dated], status: str, known: Lexicon, published: str) -> str:
    """The beginning that a clause gives: after "since", of a signature, or counted back from an anniversary."""
    since = re.compile(rf"(?:{known.data['since_word']})\s*(?:dem|le|il|the)?\s*$")
    for each in dates:
        if since.search(text[: each.begin]) and status not in {"dormant", "suspended", "ended"}:
            return str(each.date)
    if status == "signed" or known.pattern("added").search(text):
        return _first(dates)
    years = re.search(known.data["years_of"], text)
    if years and published and status in {"", "signed"}:
        tail = text[years.end() : years.end() + 40]
        if any(k.pattern.search(tail) for k in known.kinds if not k.soft):
            return f"{int(published[:4]) - int(years['n']):04d}"
    return ""


def _first(dates: Sequence[Dated]) -> str:
    return str(dates[0].date) if dates else ""
