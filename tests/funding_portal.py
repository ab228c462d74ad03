"""A small stand-in for the search of the EU's Funding and Tenders Portal, which answers or misbehaves as told."""

import json
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

Handler = BaseHTTPRequestHandler
Misdeed = Callable[[Handler, bytes], None]
"""Gets the request and what the right answer would be, and answers otherwise."""


def topic(identifier: str, opens: str = "", closes: str = "", **more: object) -> dict[str, object]:
    """A result as the portal gives it: every value in a list, days as moments."""
    dates = {"startDate": opens, "deadlineDate": closes}
    metadata: dict[str, object] = {name: [f"{day}T00:00:00.000+0000"] for name, day in dates.items() if day}
    return {"reference": identifier, "metadata": {"identifier": [identifier], "type": ["1"], **metadata, **more}}


def send(handler: Handler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


@dataclass
class Portal:
    """What the stand-in knows, how it misbehaves, and what it was asked."""

    results: Sequence[object] = ()
    misdeed: Misdeed | None = None
    address: str = ""
    asked: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])


def _parts(handler: Handler) -> dict[str, Any]:
    body = handler.rfile.read(int(handler.headers["Content-Length"]))
    message = BytesParser().parsebytes(b"Content-Type: " + handler.headers["Content-Type"].encode() + b"\r\n\r\n" + body)
    parts: dict[str, Any] = {}
    for part in message.walk():
        if not part.is_multipart():
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            assert part.get_content_type() == "application/json"
            parts[str(part.get_param("name", header="Content-Disposition"))] = json.loads(content)
    return parts


def _answer(portal: Portal, asked: Mapping[str, Any]) -> bytes:
    wanted = next(each["terms"]["identifier"] for each in asked["query"]["bool"]["must"] if "identifier" in each["terms"])
    known = [row for row in portal.results if _reference(row, wanted[0]) in wanted]
    return json.dumps({"apiVersion": "2", "totalResults": len(known), "pageNumber": 1, "results": known}).encode()


def _reference(row: object, otherwise: str) -> str:
    """What a result is found by; one that says nothing is found whatever is asked."""
    return str(cast(dict[str, object], row).get("reference", otherwise)) if isinstance(row, dict) else otherwise


@contextmanager
def standing_in(portal: Portal) -> Generator[Portal]:
    """The stand-in on a free port of this machine."""

    class Answering(Handler):
        def do_POST(self) -> None:  # noqa: N802
            asked = _parts(self)
            portal.asked.append({**asked, "address": parse_qs(urlsplit(self.path).query)})
            body = _answer(portal, asked)
            try:
                (portal.misdeed or send)(self, body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    portal.address = f"http://127.0.0.1:{server.server_address[1]}/search-api/prod/rest/search"
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
