"""The sections of a council paper on what surrounds the three: who could help, what it takes, what it may cost, and remarks."""

from collections.abc import Iterable, Sequence

from kg.model.identity import partnership_members
from kg.network.evidence import Carrier
from kg.present.paper.document import Block, Bullets, CitedText, Heading, PaperTable, Paragraph
from kg.present.paper.facts import Trio
from kg.present.paper.notes import Notes, picked
from kg.present.paper.ties import absent, names_of, tie_line
from kg.present.texts import kind_name, status_name, t
from kg.present.texts.words import said_date
from kg.store.reading import ClaimCard

_SHOWN_BODIES = 12
_SHOWN_REMARKS = 20
_MONEY = ("EUR", "€", "Euro", "euro")
_FINANCE = ("cost", "grants", "own", "later")


def support(trio: Trio, notes: Notes) -> list[Block]:
    """Counties and states, associations and networks, topics."""
    language = notes.language
    return [
        Heading(t("dossier.h_districts", language)), Bullets(tuple(_districts(trio, notes))),
        Heading(t("dossier.h_carriers", language)), Bullets(tuple(_carriers(trio, notes))),
        Heading(t("dossier.h_topics", language)), Paragraph((_topics(trio, notes),)),
    ]  # fmt: skip


def _districts(trio: Trio, notes: Notes) -> list[CitedText]:
    found = [
        CitedText(
            t("dossier.support_link", notes.language, line=tie_line(trio, card, notes.language)),
            notes.of(trio.claims.get(card.id, ())),
        )
        for card in trio.support
    ]
    return found or [CitedText(t("dossier.support_none", notes.language), absent(trio, notes))]


def _carriers(trio: Trio, notes: Notes) -> list[CitedText]:
    language, every = notes.language, trio.evidence.carriers
    found = [_helper(trio, carrier, notes) for carrier in every if carrier.how == "supports"]
    for each in (c for c in every if c.how == "member"):
        places = ", ".join(trio.names[place].named(language) for place in each.places)
        claims = [c for c in _said(trio, each.places, "member_of") if c.value == each.id]
        found.append(CitedText(t("dossier.carrier_member", language, name=each.name, places=places), notes.of(claims)))
    for card in trio.cards:
        based = [c for c in every if c.how == "based" and card.id in c.places][:_SHOWN_BODIES]
        if based:
            found.append(_based(trio, card.named(language), based, notes))
    return found or [CitedText(t("dossier.carriers_none", language), absent(trio, notes))]


def _helper(trio: Trio, carrier: Carrier, notes: Notes) -> CitedText:
    """An organisation with the ties among the three that it helps."""
    ties = {tie.partnership for tie in trio.opportunity.ties}
    claims = [claim for claim in _said(trio, [carrier.id], "supports") if claim.value in ties]
    helped = sorted({names_of(trio, partnership_members(claim.value), notes.language) for claim in claims})
    return CitedText(t("dossier.carrier_supports", notes.language, name=carrier.name, ties="; ".join(helped)), notes.of(claims))


def _based(trio: Trio, place: str, based: Sequence[Carrier], notes: Notes) -> CitedText:
    names = "; ".join(carrier.name for carrier in based)
    claims = _said(trio, [carrier.id for carrier in based], "based_in")
    return CitedText(t("dossier.carrier_based", notes.language, place=place, names=names), notes.of(claims))


def _said(trio: Trio, subjects: Iterable[str], predicate: str) -> list[ClaimCard]:
    return [c for subject in subjects for c in picked(trio.claims.get(subject, ()), lambda claim: claim.predicate == predicate)]


def _topics(trio: Trio, notes: Notes) -> CitedText:
    known, language = trio.evidence.topics, notes.language
    if not known:
        return CitedText(t("dossier.topics_none", language), absent(trio, notes))
    names = sorted(names[language == "en"] for names in known.values())
    claims = [c for about in trio.claims.values() for c in about if c.predicate == "topic" and c.value in known]
    return CitedText(t("dossier.topics", language, names=", ".join(names)), notes.of(claims))


def effort(trio: Trio, notes: Notes) -> list[Block]:
    """Hours and attention to be filled in, the partnerships that the first place keeps already, and what to settle before."""
    language = notes.language
    blanks = tuple(CitedText(t(f"dossier.effort_{name}", language)) for name in ("hours", "attention"))
    date = said_date(trio.today.isoformat(), language)
    note = t("dossier.note_counted", language, date=date)
    others = _others(trio, notes, note)
    checks = tuple(
        CitedText(t(f"opportunity.check_{key}", language), notes.add(note.rstrip(":") + "."))
        for key in trio.evidence.checks if key != "staff"
    )  # fmt: skip
    blocks: list[Block] = [Bullets(blanks, draft=True), Paragraph((others,))]
    return [*blocks, Heading(t("dossier.h_checks", language)), Bullets(checks)] if checks else blocks


def _others(trio: Trio, notes: Notes, note: str) -> CitedText:
    first, language = trio.cards[0], notes.language
    if not trio.others:
        return CitedText(t("dossier.others_none", language, place=first.named(language)), absent(trio, notes))
    claims = [c for card in trio.others for c in trio.claims.get(card.id, ()) if c.predicate in {"kind", "status", "since"}]
    three = {card.id for card in trio.cards}
    listing = "; ".join(
        " + ".join(trio.names[m].named(language) for m in card.members if m not in three or m != first.id)
        + f" ({card.name or kind_name(card.kind, language)}, {status_name(card.status, language)})"
        for card in trio.others
    )
    key = "dossier.others_one" if len(trio.others) == 1 else "dossier.others"
    return CitedText(t(key, language, place=first.named(language), n=len(trio.others), names=listing), notes.of(claims, note))


def finance(trio: Trio, notes: Notes) -> list[Block]:
    """A table to fill in, and the sums of money that the sources name for the first place."""
    language = notes.language
    header = tuple(t(f"dossier.finance_{name}", language) for name in ("position", "amount", "year"))
    blank = CitedText(t("dossier.fill", language))
    rows = tuple((CitedText(t(f"dossier.finance_{name}", language)), blank, blank) for name in _FINANCE)
    sums = tuple(_remark(trio, remark, notes) for remark in _remarks(trio) if _is_sum(trio, remark[0]))
    blocks: list[Block] = [PaperTable(header, rows, (7.5, 4.5, 5.0), draft=True)]
    return [*blocks, Bullets(sums)] if sums else blocks


def annex(trio: Trio, notes: Notes) -> list[Block]:
    """Remarks about the three places and their ties, as they were recorded."""
    remarks = [remark for remark in _remarks(trio) if not _is_sum(trio, remark[0])][:_SHOWN_REMARKS]
    if not remarks:
        return []
    intro = Paragraph((CitedText(t("dossier.annex_intro", notes.language)),), draft=True)
    return [intro, Bullets(tuple(_remark(trio, remark, notes) for remark in remarks))]


def _is_sum(trio: Trio, claim: ClaimCard) -> bool:
    return claim.subject == trio.cards[0].id and any(word in claim.value for word in _MONEY)


def _remarks(trio: Trio) -> list[list[ClaimCard]]:
    """Remarks and figures; the same one of several sources, or about several of the places, is one."""
    subjects = [*(card.id for card in trio.cards), *(tie.partnership for tie in trio.opportunity.ties)]
    found: dict[tuple[str, str], list[ClaimCard]] = {}
    for claim in (c for subject in dict.fromkeys(subjects) for c in trio.claims.get(subject, ())):
        if claim.predicate in {"figure", "remark"}:
            found.setdefault((claim.qualifier, claim.value), []).append(claim)
    return list(found.values())


def _remark(trio: Trio, claims: Sequence[ClaimCard], notes: Notes) -> CitedText:
    language, first = notes.language, claims[0]
    places = ", ".join(dict.fromkeys(trio.names[c.subject].named(language) for c in claims if c.subject in trio.names))
    place = places or " – ".join(card.named(language) for card in trio.cards if card.id in partnership_members(first.subject))
    when = t("dossier.figure_when", language, date=said_date(first.as_of, language)) if first.as_of else ""
    text = t("dossier.figure", language, place=place, what=first.qualifier or first.predicate, when=when, value=first.value)
    return CitedText(text, notes.of(claims))
