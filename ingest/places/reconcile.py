"""OpenRefine's reconciliation service API, version 0.2, over the loopback only.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/: a manifest, batches of queries by GET and
POST, suggestions of places, and a preview. The service answers no host name but this machine's, so that no page of the web
reaches it by a name of its own.
"""

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from ingest.gazetteer.gazetteer import Entry
from ingest.names.countries import name_of
from ingest.places.answers import Answer, answer, candidates
from ingest.places.mention import Mention
from ingest.places.resolver import Resolver
from kg.model.identity import fold

_LOOPBACK = "127.0.0.1"
_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
_MOST_BYTES = 4 << 20
_MOST_QUERIES = 1_000
_LIMIT = 8
_MATCH = 0.9
KINDS = ("city", "municipality", "borough", "county", "department", "province", "land", "state", "country", "intermunicipal")
"""Types that a query may ask for; ``city`` is what a plain name means."""
_PROPERTIES = ("country", "state", "lat", "lon", "population", "qid")


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back: status, type of content, text."""

    status: HTTPStatus
    content_type: str
    body: str


def manifest(base: str) -> dict[str, Any]:
    """What the service is and can do; ``base`` is its address without the slash at the end."""
    return {
        "versions": ["0.2"],
        "name": "cityties: places",
        "identifierSpace": "https://www.geonames.org/",
        "schemaSpace": f"{base}/kinds/",
        "defaultTypes": [{"id": kind, "name": kind} for kind in KINDS],
        "view": {"url": f"{base}/preview?id={{{{id}}}}"},
        "preview": {"url": f"{base}/preview?id={{{{id}}}}", "width": 320, "height": 120},
        "suggest": {"entity": {"service_url": base, "service_path": "/suggest"}},
    }


def results(resolver: Resolver, batch: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a batch of queries, by the keys of the batch."""
    return {key: {"result": _ranked(resolver, cast("Mapping[str, Any]", query))} for key, query in batch.items()}


def _ranked(resolver: Resolver, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    asked = answer(resolver, _mention(query))
    limit = query.get("limit", _LIMIT)
    found = [_match(resolver, asked)] if asked.id else []
    near = [_candidate(entry, 50.0 - at) for at, entry in enumerate(candidates(resolver, asked.found)) if entry.id != asked.id]
    return (found + near)[: limit if isinstance(limit, int) and limit > 0 else _LIMIT]


def _mention(query: Mapping[str, Any]) -> Mention:
    stated = cast("list[Any]", query.get("properties") or []) if isinstance(query.get("properties"), list) else []
    named = [cast("dict[str, Any]", each) for each in stated if isinstance(each, dict)]
    values = {str(each["pid"]): each["v"] for each in named if "pid" in each and "v" in each}
    text = {name: _text(values.get(name, "")) for name in _PROPERTIES}
    kind = _text(query.get("type", ""))
    number = {name: _number(text[name]) for name in ("lat", "lon", "population")}
    people = number["population"]
    wanted = kind if kind in KINDS and kind != "city" else ""
    return Mention(
        _text(query.get("query", "")), text["country"], wanted, number["lat"], number["lon"], text["qid"],
        int(people) if people else None, text["state"],
    )  # fmt: skip


def _text(value: Any) -> str:
    """A value of a query: a text, a number, or an entity or list of which the first counts."""
    if isinstance(value, list):
        value = cast("list[Any]", value)[0] if value else ""
    if isinstance(value, dict):
        value = cast("dict[str, Any]", value).get("name") or cast("dict[str, Any]", value).get("id", "")
    return str(value)


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError:
        return None


def _match(resolver: Resolver, asked: Answer) -> dict[str, Any]:
    found = asked.found
    entry = resolver.gazetteer.get(asked.id)
    return {
        "id": asked.id, "name": found.name, "description": _description(entry) if entry else name_of(found.country),
        "type": [{"id": found.kind or "city", "name": found.kind or "city"}], "score": round(100 * found.confidence, 1),
        "match": found.confidence >= _MATCH and not found.is_unknown, "features": [],
    }  # fmt: skip


def _candidate(entry: Entry, score: float) -> dict[str, Any]:
    kinds = [{"id": entry.kind, "name": entry.kind}]
    return {
        "id": entry.id, "name": entry.name, "description": _description(entry), "type": kinds, "score": score, "match": False,
        "features": [],
    }  # fmt: skip


def _description(entry: Entry) -> str:
    return f"{name_of(entry.country)}, {entry.admin1}, {entry.population} people"


def suggestions(resolver: Resolver, prefix: str) -> dict[str, Any]:
    """Places that are called so, the largest first."""
    named = resolver.gazetteer.folded(fold(prefix))[:_LIMIT]
    return {"result": [{"id": e.id, "name": e.name, "description": _description(e)} for e in named]}


def preview(resolver: Resolver, place: str) -> str:
    """A small page about a place."""
    entry = resolver.gazetteer.get(place)
    lines = (entry.name, _description(entry), f"{entry.lat}, {entry.lon}", entry.id) if entry else (place, "a place of our own")
    body = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    head = f'<meta charset="utf-8"><title>{html.escape(lines[0])}</title>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'


def reply(resolver: Resolver, base: str, path: str, parameters: Mapping[str, str]) -> Reply:
    """The answer to a request by its path and parameters."""
    if path == "/" and "queries" in parameters:
        return _batch(resolver, parameters["queries"])
    if path == "/":
        return _json(manifest(base))
    if path == "/suggest":
        return _json(suggestions(resolver, parameters.get("prefix", "")))
    if path == "/preview" and "id" in parameters:
        return Reply(HTTPStatus.OK, "text/html; charset=utf-8", preview(resolver, parameters["id"]))
    return _json({"status": "error", "message": "there is no such address"}, HTTPStatus.NOT_FOUND)


def _batch(resolver: Resolver, text: str) -> Reply:
    try:
        batch = json.loads(text)
    except (ValueError, RecursionError):
        batch = None
    if not isinstance(batch, dict) or not all(isinstance(query, dict) for query in cast("dict[str, Any]", batch).values()):
        return _json({"status": "error", "message": "queries is no JSON object of queries"}, HTTPStatus.BAD_REQUEST)
    if len(cast("dict[str, Any]", batch)) > _MOST_QUERIES:
        return _json({"status": "error", "message": f"at most {_MOST_QUERIES} queries at a time"}, HTTPStatus.BAD_REQUEST)
    return _json(results(resolver, cast("dict[str, Any]", batch)))


def _json(value: object, status: HTTPStatus = HTTPStatus.OK) -> Reply:
    return Reply(status, "application/json; charset=utf-8", json.dumps(value, ensure_ascii=False, allow_nan=False))


class Service(ThreadingHTTPServer):
    """The service on the loopback, not yet running; port 0 takes a free one."""

    daemon_threads = True

    def __init__(self, resolver: Resolver, port: int) -> None:
        """Listen, and answer by this resolver."""
        super().__init__((_LOOPBACK, port), _Handler)
        self.resolver = resolver

    def close(self) -> None:
        """Listen no longer."""
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server_version = "cityties"
    timeout = 30

    def do_GET(self) -> None:
        """A manifest, a batch, a suggestion or a preview."""
        self._answer(urlsplit(self.path).query)

    def do_POST(self) -> None:
        """A batch of queries as a form."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _MOST_BYTES:
            self._send(
                _json({"status": "error", "message": "too long, or without a length"}, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            )
            return
        self._answer(self.rfile.read(int(length)).decode("utf-8", "replace"))

    def do_OPTIONS(self) -> None:
        """What a browser asks before it asks."""
        self._send(Reply(HTTPStatus.NO_CONTENT, "text/plain", "") if self._is_ours() else _refused())

    def _answer(self, query: str) -> None:
        if not self._is_ours():
            self._send(_refused())
            return
        parameters = {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
        base = f"http://{self.headers['Host']}"
        self._send(reply(self._service.resolver, base, urlsplit(self.path).path, parameters))

    @property
    def _service(self) -> "Service":
        return cast("Service", self.server)

    def _is_ours(self) -> bool:
        host, _, at = (self.headers.get("Host") or "").rpartition(":")
        return host in _HOSTS and at == str(self._service.server_port) and self._page_is_ours()

    def _page_is_ours(self) -> bool:
        """A page of the web that asks from a browser is answered nothing."""
        origin = urlsplit(self.headers.get("Origin", ""))
        return not origin.netloc or f"[{origin.hostname}]" in _HOSTS or origin.hostname in _HOSTS

    def _send(self, answered: Reply) -> None:
        body = answered.body.encode()
        self.send_response(answered.status)
        self.send_header("Content-Type", answered.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Security-Policy", "default-src 'none'")
        if (origin := self.headers.get("Origin")) and self._page_is_ours():
            self.send_header("Access-Control-Allow-Origin", origin)
            self.send_header("Vary", "Origin")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing that was asked is written anywhere."""


def _refused() -> Reply:
    return _json({"status": "error", "message": "this service answers this machine only"}, HTTPStatus.FORBIDDEN)
