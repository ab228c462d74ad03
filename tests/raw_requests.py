"""Requests written by hand, byte by byte, as no browser would send them."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

Header = tuple[str, str]
STREAM = "/_stcore/stream"


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 when the connection was closed without a word."""

    status: int
    headers: dict[str, str]
    body: str


def authority(url: str) -> str:
    return urlsplit(url).netloc


def ask(
    url: str, target: str, headers: Sequence[Header], method: str = "GET", version: str = "HTTP/1.1", body: str = ""
) -> Answer:
    """One request with exactly these headers."""
    lines = [f"{method} {target} {version}", *(f"{name}: {value}" for name, value in headers)]
    if body:
        lines.append(f"Content-Length: {len(body.encode())}")
    return send(url, ("\r\n".join(lines) + "\r\n\r\n" + body).encode("utf-8"))


def send(url: str, raw: bytes) -> Answer:
    """Bytes as they are; the answer is read until it is complete or the server closes."""
    where = urlsplit(url)
    with socket.create_connection((where.hostname, where.port), timeout=20) as connection:
        connection.sendall(raw)
        stream = connection.makefile("rb")
        first = stream.readline().decode("latin-1").split()
        if len(first) < 2:
            return Answer(0, {}, "")
        headers: dict[str, str] = {}
        while (line := stream.readline().decode("latin-1").strip()) != "":
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", "0"))
        return Answer(int(first[1]), headers, stream.read(length).decode("utf-8", "replace"))


def open_stream(url: str, headers: Sequence[Header], protocol: str = "streamlit") -> int:
    """The status of a WebSocket handshake: 101 means that a session was opened."""
    upgrade = [("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
               ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Sec-WebSocket-Protocol", protocol)]  # fmt: skip
    return ask(url, STREAM, [*headers, *upgrade]).status
