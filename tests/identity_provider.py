"""A small OpenID Connect provider on this machine: it lets in whoever the test says, and signs what Streamlit checks."""

import base64
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "cityties-test", "a secret of the test"


@dataclass
class Provider:
    """``user`` has the claims of who logs in next; ``age`` makes their token as old as that, in seconds."""

    user: dict[str, object] = field(default_factory=dict)
    age: int = 0
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "test", "use": "sig", "alg": "RS256"}))
    url: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def metadata(self) -> str:
        return f"{self.url}/.well-known/openid-configuration"

    def configuration(self) -> dict[str, object]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]})

    def token(self, sent: dict[str, str]) -> dict[str, object]:
        """The answer to a code, once."""
        asked = self.codes.pop(sent["code"])
        assert asked["redirect_uri"] == sent["redirect_uri"]
        now = int(time.time()) - self.age
        claims = {
            "iss": self.url, "aud": CLIENT, "sub": str(self.user.get("email", "somebody")), "iat": now,
            "exp": int(time.time()) + 600, "nonce": asked.get("nonce", ""),
        } | self.user  # fmt: skip
        signed = jwt.encode({"alg": "RS256", "kid": "test"}, claims, self.key)
        return {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "expires_in": 600, "id_token": signed}


@contextmanager
def identity_provider() -> Iterator[Provider]:
    """A provider that runs as long as the context."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            where = urlsplit(self.path)
            if where.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(where.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()
            elif where.path == "/keys":
                self._json({"keys": [provider.key.as_dict(private=False)]})
            else:
                self._json(provider.configuration())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            expected = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".replace(" ", "+").encode()).decode()
            given = self.headers.get("Authorization", "")
            assert given in {expected, "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()}
            self._json(provider.token({name: values[0] for name, values in parse_qs(body).items()}))

        def _json(self, told: dict[str, object]) -> None:
            body = json.dumps(told).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield provider
    server.shutdown()
    server.server_close()
