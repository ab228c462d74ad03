"""Callers that want into the app: forged names and origins, and the page of another site."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATHS = ("/", "/queries", "/overview/x", "/_stcore/health", "/_stcore/host-config", "/_stcore/metrics", "/favicon.png",
         "/static/media/none", "/media/none.csv", "/component/x/y", "/_stcore/bidi-components/x/y", "/_stcore/upload_file/a/b",
         "/auth/login", "/auth/logout", "/oauth2callback", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp")  # fmt: skip
REFUSED = {0, 400, 403}

FORGED_HOSTS = (
    "evil.test", "evil.test:{port}", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:{other}", "localhost", "localhost:443",
    "127.0.0.1:{port}@evil.test", "evil.test@127.0.0.1:{port}", "a:b@localhost:{port}", "127.0.0.1.:{port}", "localhost.:{port}",
    "127.0.0.1:{port}#evil.test", "127.0.0.1:{port}/evil.test", "127.0.0.1:{port}?x", "127.1:{port}", "2130706433:{port}",
    "0x7f000001:{port}", "0177.0.0.1:{port}", "127.0.0.2:{port}", "127.0.0.01:{port}", "[::ffff:127.0.0.1]:{port}",
    "[::ffff:7f00:1]:{port}", "[0:0:0:0:0:0:0:1]:{port}", "[::1%25lo]:{port}", "::1:{port}", "0.0.0.0:{port}", "[::]:{port}",
    "localhost.evil.test:{port}", "127.0.0.1.evil.test:{port}", "evil.localhost:{port}", "127.0.0.1:0{port}", "127.0.0.1:+{port}",
    "127.0.0.1:{port}.evil.test", "127.0.0.1:{port},evil.test", "127.0.0.1:{port} evil.test", "evil.test 127.0.0.1:{port}",
    "loc%61lhost:{port}", "localhost%00:{port}", "ⓛocalhost:{port}", "ｌocalhost:{port}", "127。0。0。1:{port}", "*", "*:{port}",
    "", "http://127.0.0.1:{port}", "//127.0.0.1:{port}", ":{port}", "localhost:", "ip6-localhost:{port}",
)  # fmt: skip

FORGED_ORIGINS = (
    "http://evil.test", "http://evil.test:{port}", "null", "", "http://127.0.0.1", "http://127.0.0.1:{other}", "https://127.0.0.1:{port}",
    "ws://127.0.0.1:{port}", "http://localhost:{port}", "http://[::1]:{port}", "HTTP://127.0.0.1:{port}", "http://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/x", "http://127.0.0.1:{port}?x", "http://127.0.0.1:{port}#x", "http://evil.test@127.0.0.1:{port}",
    "http://127.0.0.1:{port}@evil.test", "http://127.0.0.1.:{port}", "http://127.0.0.1:0{port}", "//127.0.0.1:{port}",
    "127.0.0.1:{port}", "http://127.1:{port}", "http://2130706433:{port}", "http://0.0.0.0:{port}", "http:/127.0.0.1:{port}",
    "http://127.0.0.1:{port} http://evil.test", "http://evil.test http://127.0.0.1:{port}", "http://127.0.0.1:{port}, http://evil.test",
    "file://", "data:", "about:blank", "chrome-extension://abc", "http://127.0.0.1:{port}.evil.test", "http://", "http://127.0.0.1:{port}\\",
    "blob:http://127.0.0.1:{port}", "http://evil.localhost:{port}",
)  # fmt: skip

LEADING_ELSEWHERE = (
    "//evil.test/", "//evil.test", "/\\evil.test/", "/%2f%2fevil.test/", "/queries/", "/auth/login?provider=x", "/auth/logout",
    "/oauth2callback?state=x&code=y", "/.//evil.test/", "/%09//evil.test/",
)  # fmt: skip

_ATTACK = """<!doctype html><title>attack</title><iframe id=frame src="{app}/queries?part=console"></iframe>
<object id=object data="{app}/"></object><a id=link href="{app}/?place=Ludwigsburg">a link</a>
<form id=form method=post action="{app}/_stcore/upload_file/a/b"><input name=x value=y></form>
<script>
window.found = {{}};
const told = (name, promise) => promise.then(() => "open", () => "refused").then(x => {{ window.found[name] = x; }});
const loads = (tag, url) => new Promise((ok, no) => {{ const e = document.createElement(tag); e.onload = ok; e.onerror = no;
  e.src = url; document.body.append(e); }});
told("fetch", fetch("{app}/_stcore/health"));
told("cookies", fetch("{app}/_stcore/host-config", {{ credentials: "include" }}));
told("put", fetch("{app}/_stcore/upload_file/a/b", {{ method: "PUT", body: "x" }}));
told("image", loads("img", "{app}/favicon.png"));
told("script", loads("script", "{app}/static/js/none.js"));
told("socket", new Promise((ok, no) => {{ const s = new WebSocket("{app}/_stcore/stream".replace("http", "ws"), ["streamlit"]);
  s.onopen = ok; s.onerror = no; }}));
</script>"""


@contextmanager
def foreign_site(app: str) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(_ATTACK.format(app=app).encode())

        def log_message(self, format: str, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
