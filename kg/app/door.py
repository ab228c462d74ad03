"""The door of the app's server: who may speak to it at all, and what a browser may do with its answers.

It stands before everything that Streamlit serves: pages, WebSocket, uploads, media, health. A page of another site, also one
whose name was pointed at this machine (DNS rebinding), has another Host or Origin and gets nothing.
"""

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from http import HTTPStatus
from importlib import resources
from ipaddress import ip_address

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.app.origins import allowed_origins, listening_address
from kg.settings import Settings

_READING = frozenset({"GET", "HEAD"})
_ACTING = "/auth/"  # login and logout: done by being opened
_CLOSED = ("/_stcore/metrics", "/_stcore/agent")  # what Streamlit tells about the server, and a way in beside the pages


def _own_inline_scripts() -> str:
    """The hashes of the scripts that stand inside Streamlit's own page, as a content security policy names them."""
    page = resources.files("streamlit").joinpath("static", "index.html").read_text(encoding="utf-8")
    digests = (sha256(script.encode()).digest() for script in re.findall(r"<script>(.*?)</script>", page, re.DOTALL))
    return " ".join(f"'sha256-{b64encode(digest).decode()}'" for digest in digests)


_POLICY = {
    "default-src": "'none'",
    # Streamlit imports the script of a component from a blob that it makes itself.
    "script-src": f"'self' blob: {_own_inline_scripts()}",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'self'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "content-security-policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class Door:
    """Middleware that answers only what is asked under the app's own names, and puts `HEADERS` on every answer."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Guard ``app``."""
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or refuse one request or one WebSocket."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
        elif (fault := self._fault(scope)) is None:
            await self._app(scope, receive, _with_headers(send) if scope["type"] == "http" else send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": fault})
        else:
            await PlainTextResponse(fault + "\n", HTTPStatus.FORBIDDEN, HEADERS)(scope, receive, send)

    def _fault(self, scope: Scope) -> str | None:
        """Why this is refused; None where it is not."""
        here, port = scope["server"]
        if listening_address(self._settings).is_loopback and not ip_address(here).is_loopback:
            return "The app answers this machine only; KG_APP_ADDRESS changes that."
        if not scope["raw_path"].startswith(b"/"):
            return "The request has to name a path."
        if scope["path"].startswith(_CLOSED):
            return "The app does not have this."
        origins = allowed_origins(self._settings, port)
        hosts, asking = _all(scope, b"host"), _all(scope, b"origin")
        if len(hosts) != 1 or hosts[0].lower() not in {origin.partition("://")[2] for origin in origins}:
            return "The app is not open under this name; KG_APP_HOSTS lists the names besides this machine's own."
        if len(asking) > 1 or any(o not in origins or o.partition("://")[2] != hosts[0].lower() for o in asking):
            return "Pages of other sites do not speak to the app."
        if not asking and (scope["type"] == "websocket" or scope["method"] not in _READING):
            return "This request has to say where it comes from (Origin)."
        return "Other sites may link to the app, and nothing else." if _embedded(scope) else None


def _embedded(scope: Scope) -> bool:
    """Whether a browser says that a page of another site asks for more than to be left for this one."""
    site = _all(scope, b"sec-fetch-site")
    if all(value in {"same-origin", "none"} for value in site):
        return False
    left_for_us = (_all(scope, b"sec-fetch-mode"), _all(scope, b"sec-fetch-dest")) == (["navigate"], ["document"])
    return not left_for_us or scope["path"].startswith(_ACTING)


def _all(scope: Scope, name: bytes) -> list[str]:
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    return [value.decode("latin-1") for key, value in headers if key.lower() == name]


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name in [name for name in headers if name.startswith("access-control-")]:
                del headers[name]
            headers.update(HEADERS)
        await send(message)

    return sending
