"""The sections of a council paper on the three places themselves: what they are, what exists, what is missing, what was tried."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from kg.network.evidence import Meeting
from kg.present.paper.document import Block, Bullets, CitedText, Heading, Paragraph, Picture
from kg.present.paper.facts import Trio
from kg.present.paper.notes import Notes, picked
from kg.present.paper.picture import Side, draw
from kg.present.texts import Language, kind_name, status_name, t
from kg.present.texts.words import place_line, said_date, standing_words, word
from kg.present.views.opportunities import part_sentence, what
from kg.store.reading import ClaimCard, PartnershipCard
from kg.vocabulary import STATUSES

_SHOWN_MEETINGS = 8
_CONTESTABLE = ("since", "until", "name", "kind", "status", "programme")
_DATES = frozenset({"since", "until"})
_NAMED_SPEAKERS = 3
_PREREQUISITES = ("size", "distance", "language")


def absent(trio: Trio, notes: Notes) -> tuple[int, ...]:
    """The footnote of a statement that something is not on record."""
    return notes.add(t("dossier.note_absent", notes.language, date=said_date(trio.today.isoformat(), notes.language)))


def names_of(trio: Trio, places: Iterable[str], language: Language) -> str:
    """Places by name, joined as a tie is written."""
    return " – ".join(_named(trio, places, language))


def _named(trio: Trio, places: Iterable[str], language: Language) -> list[str]:
    """Names in the order in which the three were asked for, others after them."""
    order = {card.id: n for n, card in enumerate(trio.cards)}
    return [trio.names[place].named(language) for place in sorted(places, key=lambda place: order.get(place, len(order)))]


def subject(trio: Trio, notes: Notes) -> list[Block]:
    """What the paper is about, in two sentences."""
    language = notes.language
    a, b, c = (card.named(language) for card in trio.cards)
    if trio.known_type:
        text = what(trio.projection, trio.opportunity, language)
    else:
        text = t("dossier.subject_joint" if trio.joint else "dossier.subject_none", language, a=a, b=b, c=c)
    date = said_date(trio.today.isoformat(), language)
    subjects = [
        claim for card in trio.in_force for claim in trio.claims.get(card.id, ()) if claim.predicate in {"kind", "status"}
    ]
    note = notes.of(subjects, t("dossier.note_counted", language, date=date)) if subjects else absent(trio, notes)
    return [Paragraph((CitedText(text, note),))]


def facts(trio: Trio, notes: Notes) -> list[Block]:
    """The three places, what their sizes and ways are, and the picture."""
    language = notes.language
    lines = [
        CitedText(
            t("dossier.place", language, name=card.named(language), line=place_line(card, language)),
            notes.of(_entries(trio, card.id)),
        )
        for card in trio.cards
    ]  # fmt: skip
    parts = [part for part in trio.opportunity.parts if part.id in _PREREQUISITES]
    entries = [claim for card in trio.cards for claim in _entries(trio, card.id)]
    for part in parts:
        note = (
            notes.add(t("dossier.note_language", language))
            if part.id == "language"
            else notes.of(entries, t("dossier.note_computed", language))
        )
        lines.append(CitedText(part_sentence(part, language), note))
    return [Bullets(tuple(lines)), picture(trio, language)]


def _entries(trio: Trio, place: str) -> list[ClaimCard]:
    entries = [claim for claim in trio.claims.get(place, ()) if claim.predicate == "entry"]
    return picked(entries, lambda claim: '"population"' in claim.value) if entries else list(trio.claims.get(place, ()))


def picture(trio: Trio, language: Language) -> Picture:
    """The three and their ties."""
    sides = [_side(trio, *pair, language) for pair in combinations((card.id for card in trio.cards), 2)]
    a, b, c = (card.named(language) for card in trio.cards)
    caption = t("dossier.picture", language, a=a, b=b, c=c, date=said_date(trio.today.isoformat(), language))
    described = "; ".join(
        f"{pair}: {side.label}" for pair, side in zip((f"{a} – {b}", f"{a} – {c}", f"{b} – {c}"), sides, strict=True)
    )
    return Picture(draw((a, b, c), sides), caption, described)


def _side(trio: Trio, a: str, b: str, language: Language) -> Side:
    living = [tie for tie in trio.projection.between(a, b) if STATUSES[tie.status].in_force]
    if not living:
        return Side("none", t("dossier.picture_none", language))
    first = living[0]
    solid = STATUSES[first.status].bridge and not STATUSES[first.status].opens
    return Side("solid" if solid else "dashed", f"{kind_name(first.kind, language)}, {status_name(first.status, language)}")


def exists(trio: Trio, notes: Notes) -> list[Block]:
    """Every tie in force with its course and what its sources disagree on, then the meetings."""
    ties = [each for card in trio.in_force for each in partnership_texts(trio, card, notes)]
    blocks: list[Block] = [Bullets(tuple(ties) or (CitedText(t("dossier.between_none", notes.language), absent(trio, notes)),))]
    if trio.evidence.meetings:
        blocks += [Heading(t("dossier.h_meetings", notes.language)), Bullets(tuple(_meetings(trio, notes)))]
    return blocks


def partnership_texts(trio: Trio, card: PartnershipCard, notes: Notes) -> list[CitedText]:
    """A partnership: one statement for what it is, one for its course, one for each contradiction."""
    claims = trio.claims.get(card.id, ())
    found = [CitedText(tie_line(trio, card, notes.language), notes.of(_claims_of(card, claims)))]
    steps = _steps(claims)
    if len({claim.value for claim in steps}) > 1:
        text = ", ".join(f"{status_name(c.value, notes.language)} ({said_date(c.as_of, notes.language)})" for c in steps)
        members = names_of(trio, card.members, notes.language)
        found.append(CitedText(t("dossier.history", notes.language, members=members, steps=text), notes.of(steps)))
    return found + [_contradiction(trio, card, name, notes) for name in card.contested if name in _CONTESTABLE]


def tie_line(trio: Trio, card: PartnershipCard, language: Language) -> str:
    """A partnership in one line: members, name, kind, beginning, end, status, programme."""
    until = t("word.until", language, date=said_date(card.until, language)) if card.until else ""
    name = f"„{card.name}“" if language == "de" else f"“{card.name}”"
    parts = (
        name if card.name else "",
        kind_name(card.kind, language),
        standing_words(card, language, ", "),
        until,
        card.programme,
    )
    line = ", ".join(part for part in parts if part)
    return t("dossier.tie", language, members=names_of(trio, card.members, language), line=line)


def _claims_of(card: PartnershipCard, claims: Sequence[ClaimCard]) -> list[ClaimCard]:
    shown = {"kind": card.kind, "status": card.status, "since": card.since, "until": card.until, "name": card.name}
    return picked(claims, lambda claim: claim.predicate in shown and claim.value == shown[claim.predicate])


def _steps(claims: Sequence[ClaimCard]) -> list[ClaimCard]:
    """Statuses in the order of their dates, each when it first stood."""
    dated = sorted((c for c in claims if c.predicate == "status" and c.as_of), key=lambda c: (c.as_of, c.value, c.id))
    return [claim for n, claim in enumerate(dated) if n == 0 or dated[n - 1].value != claim.value]


def _contradiction(trio: Trio, card: PartnershipCard, name: str, notes: Notes) -> CitedText:
    """Both sides with their sources; the same statement of several sources is one side."""
    language = notes.language
    claims = [claim for claim in trio.claims.get(card.id, ()) if claim.predicate == name]
    said = [
        t("dossier.side", language, value=_value(name, value, language), source=_speakers(stated, language))
        for value, stated in _sides(name, claims).items()
    ]
    values = {
        "members": names_of(trio, card.members, language),
        "what": word("predicate", name, language),
        "sides": "; ".join(said),
    }
    return CitedText(t("dossier.contested", language, **values), notes.of(claims))


def _sides(name: str, claims: Sequence[ClaimCard]) -> dict[str, list[ClaimCard]]:
    """Claims by what they say; a year is on the side of the day in it."""
    sides: dict[str, list[ClaimCard]] = {}
    for claim in sorted(claims, key=lambda claim: (-len(claim.value), claim.value) if name in _DATES else (0, claim.value)):
        same = (value for value in sides if value == claim.value or (name in _DATES and value.startswith(claim.value)))
        sides.setdefault(next(same, claim.value), []).append(claim)
    return sides


def _speakers(claims: Sequence[ClaimCard], language: Language) -> str:
    """Who says so, the most trusted first; all of them stand in the footnote."""
    ranked = sorted(claims, key=lambda claim: (-claim.trust, claim.id))
    every = list(dict.fromkeys(claim.publisher or claim.title for claim in ranked))
    more = " " + t("dossier.and_more", language) if len(every) > _NAMED_SPEAKERS else ""
    return ", ".join(every[:_NAMED_SPEAKERS]) + more


def _value(name: str, value: str, language: Language) -> str:
    if name in _DATES:
        return said_date(value, language)
    if name == "status" and value in STATUSES:
        return status_name(value, language)
    return kind_name(value, language) if name == "kind" else value


def _meetings(trio: Trio, notes: Notes) -> Iterable[CitedText]:
    """The latest meetings, in the order of time."""
    every = trio.evidence.meetings
    for meeting in every[-_SHOWN_MEETINGS:]:
        yield CitedText(_meeting(trio, meeting, notes.language), notes.of(trio.claims.get(meeting.id, ())))
    if len(every) > _SHOWN_MEETINGS:
        earlier = [claim for meeting in every[:-_SHOWN_MEETINGS] for claim in trio.claims.get(meeting.id, ())]
        yield CitedText(t("dossier.meetings_more", notes.language, n=len(every) - _SHOWN_MEETINGS), notes.of(earlier))


def _meeting(trio: Trio, meeting: Meeting, language: Language) -> str:
    values = {
        "date": said_date(meeting.date, language),
        "kind": word("event", meeting.kind, language),
        "name": meeting.named(language),
    }
    return t("dossier.meeting", language, places=names_of(trio, meeting.places, language), **values)


def missing(trio: Trio, notes: Notes) -> list[Block]:
    """Pairs without a tie in force, and the joint undertaking."""
    language = notes.language
    lines = [
        CitedText(t("opportunity.missing", language, a=a, c=c), absent(trio, notes))
        for a, c in (_named(trio, pair, language) for pair in trio.missing)
    ]  # fmt: skip
    if not trio.joint:
        lines.append(CitedText(t("dossier.missing_joint", language), absent(trio, notes)))
    if not lines:
        claims = [claim for card in trio.in_force for claim in trio.claims.get(card.id, ())]
        lines.append(CitedText(t("dossier.missing_nothing", language), notes.of(claims)))
    return [Bullets(tuple(lines))]


def tried(trio: Trio, notes: Notes) -> list[Block]:
    """What was proposed, turned down, ended or is at rest, between two or all of the three."""
    before = [each for card in trio.evidence.tried if card not in trio.in_force or STATUSES[card.status].resting
              for each in partnership_texts(trio, card, notes)]  # fmt: skip
    return [Bullets(tuple(before) or (CitedText(t("dossier.tried_none", notes.language), absent(trio, notes)),))]
