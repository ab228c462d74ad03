"""The EU's Funding and Tenders Portal: what its public search says of the calls that the rules know by their identifiers.

The service is the portal's own (SEDIA): a POST of form parts, the query among them in the language of Elasticsearch; every value
of a result stands in a list. It is not described in public, so whatever is not as expected is left out and said.
"""

import datetime as dt
import json
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote

import httpx

from kg.errors import PortalSilent
from kg.network.funding.calls import Call, Seen

TOPIC = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen/opportunities/topic-details/"
_GRANT_TOPIC = "1"
_PAGE = 100
_LARGEST = 8 * 2**20
_WHOLE_SECONDS = 60.0
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T[0-9:.]+(?:Z|[+-]\d{2}:?\d{2})?)?", re.ASCII)
_OK = 200


@dataclass(frozen=True, slots=True)
class Topic:
    """A call as the portal knows it; days as ISO dates, empty where it gives none."""

    identifier: str
    opens: str
    closes: str

    def as_call(self, on: str) -> Call:
        """The topic as a call of its programme, read on a day."""
        return Call(self.identifier, self.opens, self.closes, Seen(TOPIC + quote(self.identifier), on))


@dataclass(frozen=True, slots=True)
class Reply:
    """What the portal answered: the topics that were asked for, and sentences about what could not be taken."""

    topics: tuple[Topic, ...]
    problems: tuple[str, ...]


def identifiers(patterns: Iterable[str], day: dt.date) -> tuple[str, ...]:
    """The identifiers to ask for: every pattern with last year, this one and the next in the place of its ``*``."""
    years = range(day.year - 1, day.year + 2)
    return tuple(dict.fromkeys(pattern.replace("*", str(year)) for pattern in patterns for year in years))


def ask(address: str, wanted: Iterable[str], seconds: float = 20.0) -> Reply:
    """What the portal says of these identifiers, in one request.

    ``seconds`` is how long to wait without a byte; a minute is the most that the whole may take.

    Raises:
        PortalSilent: nothing answers, or what answers is not the portal's search.
    """
    names = sorted(wanted)
    query = {"bool": {"must": [{"terms": {"type": [_GRANT_TOPIC]}}, {"terms": {"identifier": names}}]}}
    parts = {"query": query, "languages": ["en"]}
    files = {name: (None, json.dumps(value), "application/json") for name, value in parts.items()}
    params = {"apiKey": "SEDIA", "text": "***", "pageSize": str(_PAGE), "pageNumber": "1"}
    timeout = httpx.Timeout(seconds, connect=min(10.0, seconds))
    try:
        with (
            httpx.Client(timeout=timeout, follow_redirects=False) as http,
            http.stream("POST", address, params=params, files=files) as answer,
        ):
            return understood(address, _body(address, answer), frozenset(names))
    except (httpx.TransportError, httpx.DecodingError, httpx.InvalidURL) as error:
        raise PortalSilent(address, str(error) or type(error).__name__) from error


def _body(address: str, answer: httpx.Response) -> bytes:
    if answer.is_redirect:
        raise PortalSilent(address, f"it sends on to {answer.headers.get('Location', 'nowhere')[:200]}, which was not followed")
    if answer.status_code != _OK:
        raise PortalSilent(address, f"status {answer.status_code}")
    parts, size, until = list[bytes](), 0, time.monotonic() + _WHOLE_SECONDS
    for part in answer.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > _LARGEST:
            raise PortalSilent(address, f"an answer of more than {_LARGEST // 2**20} MiB")
        if time.monotonic() > until:
            raise PortalSilent(address, f"no whole answer in {_WHOLE_SECONDS:g} s")
    return b"".join(parts)


def understood(address: str, body: bytes, wanted: frozenset[str]) -> Reply:
    """What an answer says of the identifiers that were wanted.

    Raises:
        PortalSilent: it is not the answer of the portal's search.
    """
    try:
        document: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise PortalSilent(address, "the answer is no JSON") from error
    results = cast(Mapping[str, object], document).get("results") if isinstance(document, dict) else None
    if not isinstance(results, list):
        raise PortalSilent(address, "the answer has no list of results")
    found: dict[str, Topic] = {}
    problems: list[str] = []
    for number, row in enumerate(cast(list[object], results), 1):
        topic = _topic(row, wanted)
        if isinstance(topic, str):
            problems.append(f"result {number}: {topic}")
        elif topic:
            known = found.get(topic.identifier)
            # Drafts and doubles of a topic lack dates.
            found[topic.identifier] = (
                max((topic, known), key=lambda each: (bool(each.closes), bool(each.opens))) if known else topic
            )
    return Reply(tuple(found[name] for name in sorted(found)), tuple(problems))


def _topic(row: object, wanted: frozenset[str]) -> Topic | str | None:
    """The topic of a result; a sentence when it cannot be taken, nothing when it was not asked for."""
    data = cast(Mapping[str, object], row).get("metadata") if isinstance(row, dict) else None
    if not isinstance(data, dict):
        return "it has no metadata"
    fields = cast(Mapping[str, Any], data)
    name = next(iter(_texts(fields.get("identifier"))), "").upper()
    if name not in wanted:
        return None if name else "it has no identifier"
    opens = [_day(text) for text in _texts(fields.get("startDate"))]
    closes = [_day(text) for text in _texts(fields.get("deadlineDate"))]
    if None in (*opens, *closes):
        return f"{name} has a date that is none"
    first, last = min(filter(None, opens), default=""), max(filter(None, closes), default="")
    if not first and not last:
        return f"{name} has no dates"
    if first and last and last < first:
        return f"{name} closes ({last}) before it opens ({first})"
    return Topic(name, first, last)


def _texts(value: object) -> list[str]:
    """The texts of a field, which the service wraps in a list; anything else is none."""
    values = cast(list[object], value) if isinstance(value, list) else [value]
    return [each.strip() for each in values if isinstance(each, str) and each.strip()]


def _day(text: str) -> str | None:
    match = _DAY.fullmatch(text)
    if not match:
        return None
    try:
        return dt.date.fromisoformat(match[1]).isoformat()
    except ValueError:
        return None
