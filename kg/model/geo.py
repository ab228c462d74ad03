"""Distances on the globe: the one radius of the Earth, the one great circle."""

import math

EARTH_KM = 6371.0
"""Mean radius."""
KM_PER_DEGREE = math.radians(1) * EARTH_KM


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance of two points in kilometres (haversine)."""
    a, b = math.radians(lat1), math.radians(lat2)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))
