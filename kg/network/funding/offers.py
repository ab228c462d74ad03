"""Money that can still be had: the programmes with a call open or expected, for ranking many constellations."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kg.network.funding.calls import when
from kg.network.funding.catalogue import Stamp, own_folder, stamp_of, with_own
from kg.network.funding.evaluate import FundingPlace, FundingTie, fits_all, verdict
from kg.network.funding.rules import Programme


@dataclass(frozen=True, slots=True)
class Offer:
    """A programme that can be had, and whether any three cities of three countries of the EU would fit."""

    programme: Programme
    for_all: bool


@dataclass(frozen=True, slots=True)
class Fitting:
    """Ids of what can be had: for the three together, for two of them only, and for any three of the EU."""

    whole: tuple[str, ...]
    leg: tuple[str, ...]
    for_all: tuple[str, ...]


def offers(day: dt.date) -> tuple[Offer, ...]:
    """The programmes that are open, rolling or expected on a day."""
    folder = own_folder()
    return _offers(folder, stamp_of(folder), day)


@lru_cache(maxsize=8)
def _offers(folder: Path, stamp: Stamp, day: dt.date) -> tuple[Offer, ...]:
    return tuple(
        Offer(rule, fits_all(rule)) for rule in with_own(folder, stamp).programmes if when(rule.calendar, day).obtainable
    )


def fitting(places: Sequence[FundingPlace], ties: Sequence[FundingTie], day: dt.date) -> Fitting:
    """What of the offers fits these places."""
    passing = [offer for offer in offers(day) if verdict(offer.programme, places, ties) == "pass"]
    own = [offer.programme for offer in passing if not offer.for_all]
    return Fitting(
        tuple(rule.id for rule in own if rule.scope == "whole"),
        tuple(rule.id for rule in own if rule.scope == "leg"),
        tuple(offer.programme.id for offer in passing if offer.for_all),
    )
