"""Which of several claims goes before the others; a total order, so that the order in which they come never matters."""

from collections.abc import Iterable, Mapping

from kg.model.claims import Claim
from kg.model.clocks import is_dated, time_of

Trust = Mapping[str, int]
"""The trust in each source by its id, 0…100; a source that is missing counts as 0."""


def latest(claims: Iterable[Claim], trust: Trust) -> Claim | None:
    """What changes over time: the dated before the undated, then the later one, then the more trusted one."""
    return max(claims, key=lambda c: (is_dated(c), time_of(c), *_standing(c, trust)), default=None)


def earliest(claims: Iterable[Claim], trust: Trust) -> Claim | None:
    """What it was before the first statement about it is taken from the first statement."""
    return min(claims, key=lambda c: (not is_dated(c), time_of(c), -trust.get(c.source, 0), c.stated, c.id), default=None)


def most_trusted(claims: Iterable[Claim], trust: Trust) -> Claim | None:
    """What does not change: the more trusted one, then the one stated later."""
    return max(claims, key=lambda c: _standing(c, trust), default=None)


def by_trust(claims: Iterable[Claim], trust: Trust) -> list[Claim]:
    """The claims in rising trust."""
    return sorted(claims, key=lambda c: _standing(c, trust))


def _standing(claim: Claim, trust: Trust) -> tuple[int, str, str]:
    return (trust.get(claim.source, 0), claim.stated or claim.seen, claim.id)
