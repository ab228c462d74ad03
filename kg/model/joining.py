"""Two ids of one place: what is said of one is said of the other, with a note by which it can be parted again."""

import re
from dataclasses import replace

from kg.model.claims import Claim
from kg.model.identity import partnership_family, partnership_members
from kg.vocabulary import PREDICATES, label_of

_MARK = re.compile(r"(?:^|; )said of (\S+), which is (\S+)$")


def joined(claim: Claim, place: str, into: str) -> Claim:
    """The claim as it is said of ``into``; as it was when it does not speak of ``place``."""
    found = _said_of(claim, place, into)
    if found == claim:
        return claim
    return replace(found, note="; ".join(filter(None, (claim.note, f"said of {place}, which is {into}"))))


def parted(claim: Claim, place: str, into: str) -> Claim:
    """The claim as it was before ``place`` was joined into ``into``; as it is when it was not."""
    mark = _MARK.search(claim.note)
    if mark is None or mark.groups() != (place, into):
        return claim
    return replace(_said_of(claim, into, place), note=claim.note[: mark.start()])


def was_joined(claim: Claim) -> bool:
    """Whether it was said of another id, so that what is said of the place itself goes before."""
    return _MARK.search(claim.note) is not None


def relates(claim: Claim, place: str, into: str) -> bool:
    """Whether the claim tells the two apart: as members of one partnership, or as one in the other."""
    partners = [part for part in (claim.subject, claim.value) if _is_partnership(part)]
    if any({place, into} <= set(partnership_members(part)) for part in partners):
        return True
    return PREDICATES[claim.predicate].nature == "relation" and {claim.subject, claim.value} == {place, into}


def _said_of(claim: Claim, one: str, other: str) -> Claim:
    value = _exchanged(claim.value, one, other) if PREDICATES[claim.predicate].nature == "relation" else claim.value
    by = other if claim.by == one else claim.by
    return replace(claim, subject=_exchanged(claim.subject, one, other), value=value, by=by)


def _exchanged(identifier: str, one: str, other: str) -> str:
    if not _is_partnership(identifier):
        return other if identifier == one else identifier
    members = partnership_members(identifier)
    if one not in members:
        return identifier
    _, _, *name = identifier.split("|", 2)
    ordered = sorted({other if member == one else member for member in members})
    return "|".join([partnership_family(identifier), ",".join(ordered), *name])


def _is_partnership(identifier: str) -> bool:
    return "|" in identifier and label_of(identifier) == "Partnership"
