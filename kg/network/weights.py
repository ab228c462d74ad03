"""How much each part of a score counts: the defaults, and a user's own."""

import math
from collections.abc import Mapping

from kg.errors import UsageError

DEFAULT_WEIGHTS: Mapping[str, float] = {
    "strength": 3.0, "closeness": 3.0, "size": 2.0, "distance": 1.0, "language": 0.5, "countries": 1.5,
    "topics": 1.0, "networks": 0.5, "funding": 2.0,
}  # fmt: skip
"""In the order in which the parts are shown."""


def weights_of(text: str) -> dict[str, float]:
    """Weights from ``distance=2,size=0``; those not named keep their default.

    Raises:
        UsageError: for a part that does not exist or a weight outside 0…10, or when all are 0.
    """
    weights = dict(DEFAULT_WEIGHTS)
    for pair in filter(None, (part.strip() for part in text.split(","))):
        name, _, number = pair.partition("=")
        if name.strip() not in weights:
            raise UsageError(f"{name.strip()!r} is no part of the score; the parts are {', '.join(weights)}")
        weights[name.strip()] = _weight(pair, number)
    if not any(weights.values()):
        raise UsageError("all weights are 0, so nothing could be ranked; set one above 0")
    return weights


def _weight(pair: str, number: str) -> float:
    try:
        weight = float(number)
    except ValueError:
        weight = math.nan
    if not 0 <= weight <= 10:
        raise UsageError(f"{pair!r}: write part=weight with a weight from 0 to 10, such as distance=2")
    return weight
