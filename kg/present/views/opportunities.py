"""An opportunity in words and in rows, alike for the page, the command and the council paper."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from kg.network.evidence import Evidence, Meeting
from kg.network.opportunities import Opportunity
from kg.network.projection import Projection
from kg.network.score import Part
from kg.present.texts import Language, country_name, kind_name, language_name, number_text, status_name, t
from kg.present.views.funding import answer_row
from kg.store.reading import ClaimCard, PartnershipCard

COLUMNS = ("rank", "type", "a", "bridge", "c", "countries", "missing", "score", "tried", "programmes")


def names(projection: Projection, ids: Sequence[str], language: Language) -> list[str]:
    """Names of places in a language."""
    return [projection.places[each].named(language) if each in projection.places else each for each in ids]


def what(projection: Projection, opportunity: Opportunity, language: Language) -> str:
    """What the opportunity is, in two sentences."""
    a, b, c = names(projection, opportunity.places, language)
    return t(f"opportunity.what_{opportunity.type}", language, a=a, b=b, c=c)


def missing(projection: Projection, opportunity: Opportunity, language: Language) -> list[str]:
    """What is missing, a sentence each."""
    pairs = [names(projection, pair, language) for pair in opportunity.candidate.missing]
    said = [t("opportunity.missing", language, a=a, c=c) for a, c in pairs]
    return said or ([t("opportunity.missing_joint", language)] if opportunity.type == "ring_without_project" else [])


def part_sentence(part: Part, language: Language) -> str:
    """The sentence of one part of the score."""
    said: dict[str, Any] = {k: number_text(v, language) if isinstance(v, int | float) else v for k, v in part.said.items()}
    codes = [code for code in str(said.get("codes", "")).split(", ") if code]
    said["countries"] = ", ".join(country_name(code, language) for code in codes)
    said["languages"] = ", ".join(language_name(code, language) for code in codes)
    return t(f"opportunity.said_{part.id}_{part.variant}", language, **said)


def part_rows(opportunity: Opportunity, language: Language) -> list[dict[str, Any]]:
    """The parts of the score: name, value, weight, sentence."""
    return [
        {
            "part": part.id, "name": t(f"opportunity.part_{part.id}", language), "value": round(part.value, 3),
            "weight": part.weight, "sentence": part_sentence(part, language),
        }
        for part in opportunity.parts
    ]  # fmt: skip


def summary_rows(projection: Projection, found: Sequence[Opportunity], language: Language) -> list[dict[str, Any]]:
    """One row for each opportunity, in the columns of ``COLUMNS``."""
    return [_summary(projection, each, rank, language) for rank, each in enumerate(found, 1)]


def _summary(projection: Projection, each: Opportunity, rank: int, language: Language) -> dict[str, Any]:
    a, b, c = names(projection, each.places, language)
    funding = next((part.said["n"] for part in each.parts if part.id == "funding"), "")
    return {
        "rank": rank, "type": each.type, "a": a, "bridge": b, "c": c,
        "countries": " ".join(projection.places[place].country for place in each.places),
        "missing": ["–".join(names(projection, pair, language)) for pair in each.candidate.missing],
        "score": round(each.score, 3), "tried": len(each.tried), "programmes": funding,
    }  # fmt: skip


def as_document(
    projection: Projection, opportunity: Opportunity, known: Evidence, rank: int, language: Language
) -> dict[str, Any]:
    """One opportunity in full as JSON; the keys are stable and described in ``docs/commands.md``."""
    return {
        "rank": rank,
        "type": opportunity.type,
        "places": [{"id": place, **_place(projection, place, language)} for place in opportunity.places],
        "what": what(projection, opportunity, language),
        "missing": [
            {"a": pair[0], "b": pair[1], "names": names(projection, pair, language)} for pair in opportunity.candidate.missing
        ],
        "score": opportunity.score,
        "parts": part_rows(opportunity, language),
        "exists": [partnership_row(projection, card, known, language) for card in known.existing],
        "tried": [partnership_row(projection, card, known, language) for card in known.tried],
        "meetings": [_meeting(projection, each, language) for each in known.meetings],
        "support": [
            {**asdict(each), **dict(zip(("first", "second"), each.named(language), strict=True))} for each in known.support
        ],
        "carriers": [{**asdict(each), "places": names(projection, each.places, language)} for each in known.carriers],
        "topics": [{"id": key, "name": de if language == "de" else en} for key, (de, en) in known.topics.items()],
        "funding": [answer_row(answer, language) for answer in known.funding],
        "checks": [t(f"opportunity.check_{key}", language) for key in known.checks],
        "evidence": [claim_row(claim) for claims in known.claims.values() for claim in claims],
    }


def _meeting(projection: Projection, each: Meeting, language: Language) -> dict[str, Any]:
    return {
        "id": each.id, "kind": each.kind, "name": each.named(language), "date": each.date,
        "places": names(projection, each.places, language),
    }  # fmt: skip


def _place(projection: Projection, place: str, language: Language) -> dict[str, Any]:
    card = projection.places[place]
    return {"name": card.named(language), "country": card.country, "kind": card.kind, "population": card.population}


def partnership_row(projection: Projection, card: PartnershipCard, known: Evidence, language: Language) -> dict[str, Any]:
    """A partnership with the number of claims and sources behind it."""
    claims: Sequence[ClaimCard] = known.claims.get(card.id, ())
    return {
        "partnership": card.id, "members": names(projection, card.members, language), "kind": card.kind,
        "kind_name": kind_name(card.kind, language), "name": card.name, "status": card.status,
        "status_name": status_name(card.status, language), "status_as_of": card.status_as_of,
        "status_undated": card.status_undated, "status_basis": card.status_basis, "last_evidence": card.last_evidence,
        "since": card.since,
        "contested": list(card.contested), "claims": [claim.id for claim in claims],
        "sources": sorted({claim.title for claim in claims}),
    }  # fmt: skip


def claim_row(claim: ClaimCard) -> dict[str, Any]:
    """A claim as evidence: what is said, when it was so, and who says it."""
    shown = asdict(claim)
    return {name: shown[name] for name in _EVIDENCE}


_EVIDENCE = (
    "id", "subject", "predicate", "value", "qualifier", "as_of", "stated", "seen", "title", "publisher", "url",
    "locator",
)  # fmt: skip
