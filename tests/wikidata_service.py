"""A small SPARQL service with a world of its own, which pages as asked, or misbehaves as told."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

ENTITY = "http://www.wikidata.org/entity/"
Handler = BaseHTTPRequestHandler


def uri(qid: str) -> dict[str, str]:
    return {"type": "uri", "value": ENTITY + qid}


def literal(value: object, language: str = "") -> dict[str, str]:
    return {"type": "literal", "value": str(value), **({"xml:lang": language} if language else {})}


def result(rows: list[dict[str, dict[str, str]]]) -> bytes:
    names = sorted({name for row in rows for name in row})
    return json.dumps({"head": {"vars": names}, "results": {"bindings": rows}}, ensure_ascii=False).encode()


@dataclass
class World:
    """What the service knows: (item, partner, further cells) and fields of items."""

    statements: list[tuple[str, str, dict[str, str]]]
    items: dict[str, list[tuple[str, str, str]]]
    """By QID: (field, value, language)."""

    def answer(self, query: str) -> bytes:
        paged = re.search(r"\?number > (\d+).*?LIMIT (\d+)", query, re.DOTALL)
        if paged:
            return result(self._statements(int(paged[1]), int(paged[2])))
        asked = re.findall(r"wd:(Q\d+)", query.split("UNION", 1)[0])
        return result([row for qid in asked for row in self._fields(qid)])

    def _statements(self, after: int, size: int) -> list[dict[str, dict[str, str]]]:
        numbers = sorted({int(item[1:]) for item, _, _ in self.statements if int(item[1:]) > after})[:size]
        rows: list[dict[str, dict[str, str]]] = []
        for item, partner, cells in self.statements:
            if int(item[1:]) in numbers:
                address = {"type": "uri", "value": f"{ENTITY}statement/{item}-{partner}"}
                row = {"number": literal(item[1:]), "item": uri(item), "partner": uri(partner), "statement": address}
                rows.append(row | {name: literal(value) for name, value in cells.items()})
        return sorted(rows, key=lambda row: int(row["number"]["value"]))

    def _fields(self, qid: str) -> Iterator[dict[str, dict[str, str]]]:
        for name, value, language in [*self.items.get(qid, []), ("asked", ENTITY + qid, "")]:
            yield {"item": uri(qid), "field": literal(name), "value": literal(value, language)}


Misdeed = Callable[[Handler, bytes], None]
"""Gets the request and what the right answer would be, and answers otherwise."""


def send(handler: Handler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Type": "application/sparql-results+json", "Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def throttles(handler: Handler, _: bytes) -> None:
    send(handler, b"slow down", 429, Retry_After="1")


def fails(handler: Handler, _: bytes) -> None:
    send(handler, b"java.lang.OutOfMemoryError", 500)


def breaks_off(handler: Handler, body: bytes) -> None:
    """Announce the whole and send half of it."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])
    handler.wfile.flush()
    handler.close_connection = True


def says(body: bytes) -> Misdeed:
    return lambda handler, _: send(handler, body)


def truncates(handler: Handler, body: bytes) -> None:
    """Half an answer that pretends to be whole, as a query that ran out of time gives it."""
    send(handler, body[: len(body) // 2])


def never_ends(handler: Handler, _: bytes) -> None:
    handler.send_response(200)
    handler.end_headers()
    until = time.monotonic() + 20
    try:
        while time.monotonic() < until:
            handler.wfile.write(b" " * 1000)
            handler.wfile.flush()
            time.sleep(0.02)
    except OSError:
        handler.close_connection = True


def falls_silent(handler: Handler, _: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"results":')
    handler.wfile.flush()
    time.sleep(3)
    handler.close_connection = True


@dataclass
class Service:
    """A running service; ``misdeeds`` are committed by number of the request, counted from 1."""

    address: str
    world: World
    misdeeds: dict[int, Misdeed] = field(default_factory=dict)
    always: Misdeed | None = None
    agents: set[str] = field(default_factory=set)
    times: list[float] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return len(self.times)


@contextmanager
def serving(world: World) -> Iterator[Service]:
    """Serve on the loopback interface until the end of the block."""

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            service.times.append(time.monotonic())
            number = service.requests
            service.agents.add(self.headers["User-Agent"])
            query = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["query"][0]
            body = world.answer(query)
            misdeed = service.misdeeds.get(number) or service.always
            if misdeed:
                misdeed(self, body)
            else:
                send(self, body)

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.daemon_threads = True
    service = Service(f"http://127.0.0.1:{server.server_port}/sparql", world)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
