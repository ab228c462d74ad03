"""Values of the graph as words for people: places, dates of any form, words of closed lists."""

import datetime as dt
import re

from kg.model.clocks import has_begun
from kg.model.identity import fold
from kg.present.texts import Language, catalogue, country_name, date_text, number_text, status_name, t
from kg.store.places import PlaceHit
from kg.store.reading import PartnershipCard, PlaceCard, TieCard

_LETTERS = re.compile(r"[^\W\d_]+")
_ORDINAL_OF_SEVERAL = re.compile(r"(?:first|last) \w+s\b")


def as_language(text: str) -> Language:
    """The language that a setting or an address means; German for anything else."""
    return "en" if text.lower().startswith("en") else "de"


def word(group: str, name: str, language: Language) -> str:
    """The word for a value of a closed list, such as ``place.city``; a value without a word stands as it is."""
    return t(f"{group}.{name}", language) if f"{group}.{name}" in catalogue() else name


def said_date(text: str, language: Language) -> str:
    """A partial date as people write it; anything else as it is."""
    try:
        return date_text(text, language)
    except ValueError:
        return text


def locator_words(text: str, language: Language) -> str:
    """Where in a source, in the language if every word of it is known; else as whoever read the source wrote it.

    Locators are English: ordinals, parts of a text, and names, which stay.
    """
    if language == "en" or _ORDINAL_OF_SEVERAL.search(text):
        return text
    known = text.replace("of the ", "of ")
    if any(part.islower() and f"locator.{part}" not in catalogue() for part in _LETTERS.findall(known)):
        return text
    return _LETTERS.sub(lambda part: word("locator", part[0], language), known)


def since_words(since: str, language: Language) -> str:
    """Since when or, where that is still to come, from when on, as part of a line; empty where it is not known."""
    if not since:
        return ""
    return t("word.since" if has_begun(since, dt.date.today()) else "word.from", language, date=said_date(since, language))


def standing_words(card: PartnershipCard, language: Language, separator: str = " · ") -> str:
    """How a partnership stands, as far as anybody says: its status and when it was so, or what is known in place of one."""
    status = status_name(card.status, language) + (f" ({word('level', card.level, language)})" if card.level else "")
    date = said_date(card.status_as_of, language)
    if card.status_basis == "stated" and date:
        status += " " + t("word.at_the_latest" if card.status_undated else "word.as_of", language, date=date)
    known = tie_words(card, language)
    return known if card.status == "unknown" else separator.join(part for part in (known, status) if part)


def tie_words(tie: TieCard | PartnershipCard, language: Language) -> str:
    """Since when; where no source states a status, that it is so, and who named it last."""
    parts = [since_words(tie.since, language)]
    if tie.status == "unknown":
        parts.append(t("word.status_unsaid", language))
        last = said_date(tie.last_evidence, language)
        parts.append(t(f"word.last_{'listed' if tie.status_basis == 'listed' else 'named'}", language, date=last) if last else "")
    return "; ".join(part for part in parts if part)


def country_word(code: str, language: Language) -> str:
    """A country in words; empty where it is not known."""
    return country_name(code, language) if code else ""


def hit_label(hit: PlaceHit, language: Language) -> str:
    """A place as search shows it: what tells it apart from its namesakes."""
    return f"{hit.name} · {hit_note(hit, hit.name, language)}"


def hit_note(hit: PlaceHit, typed: str, language: Language) -> str:
    """What tells a place apart from its namesakes, and which of its other names was found where its own was not typed."""
    other = "" if fold(typed) in fold(hit.name) else next((n for n in (*hit.names, *hit.aliases) if fold(typed) in fold(n)), "")
    parts = (
        word("place", hit.kind, language),
        hit.region,
        country_word(hit.country, language),
        ties_words(hit.partnerships, language),
        t("app.search_found_as", language, name=other) if other else "",
    )
    return " · ".join(part for part in parts if part)


def ties_words(count: int, language: Language) -> str:
    """So many partnerships."""
    return t("word.partnership_one" if count == 1 else "word.partnerships", language, n=number_text(count, language))


def place_line(card: PlaceCard, language: Language) -> str:
    """What a place is and where: Stadt · Italien · 120.000 Einwohner (2023)."""
    parts = [word("place", card.kind, language), country_word(card.country, language)]
    if card.population:
        counted = f" ({said_date(card.population_as_of, language)})" if card.population_as_of else ""
        parts.append(t("word.inhabitants", language, n=number_text(card.population, language)) + counted)
    return " · ".join(part for part in parts if part)
