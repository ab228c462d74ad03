"""A proxy that sees each COMMIT of the Bolt protocol, where one batch of a load ends, and cuts there or at any byte."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

COMMIT = bytes([0x00, 0x02, 0xB0, 0x12, 0x00, 0x00])
"""A chunk of two bytes, the structure without fields that Bolt calls COMMIT, and the end of the message."""


@dataclass
class Plan:
    """Where to cut: at the COMMIT or the byte with this number, counted from 1; 0 means nowhere."""

    commit: int = 0
    byte: int = 0
    after: bool = False
    """Let the server carry the COMMIT out, and cut before the client hears of it."""
    act: Callable[[], None] | None = None
    """Instead of only dropping the connections."""


@dataclass
class Proxy:
    """Passes bytes on between clients and the server, counts them, and cuts once as planned."""

    server: int
    port: int = 0
    plan: Plan = field(default_factory=Plan)
    commits: int = 0
    bytes: int = 0
    cut: bool = False
    silent: bool = False
    """The server's answers go nowhere, because the connections are about to be dropped."""
    _open: list[socket.socket] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, plan: Plan | None = None) -> None:
        """Count anew and cut by this plan."""
        with self._lock:
            self.plan, self.commits, self.bytes, self.cut = plan or Plan(), 0, 0, False

    def serve(self, listener: socket.socket) -> None:
        """Take connections until the listener is closed."""
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.server), timeout=5)
            except OSError:
                client.close()  # the server is down: so are we
                continue
            server.settimeout(None)
            with self._lock:
                self._open += [client, server]
            for source, target, watched in ((client, server, True), (server, client, False)):
                threading.Thread(target=self._pass_on, args=(source, target, watched), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, watched: bool) -> None:
        tail = b""
        try:
            while data := source.recv(1 << 16):
                if watched:
                    tail = self._watch(tail, data, target)
                elif not self.silent:
                    target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _watch(self, tail: bytes, data: bytes, server: socket.socket) -> bytes:
        seen = tail + data
        found = seen.count(COMMIT)
        with self._lock:
            self.commits += found
            self.bytes += len(data)
            plan = self.plan
            due = (found and 0 < plan.commit <= self.commits) or 0 < plan.byte <= self.bytes
            cutting = bool(due) and not self.cut
            self.cut = self.cut or cutting
        if not cutting:
            server.sendall(data)
            return b"" if seen.endswith(COMMIT) else seen[-len(COMMIT) + 1 :]
        self._do_cut(plan, data, server)
        raise OSError("cut as planned")

    def _do_cut(self, plan: Plan, data: bytes, server: socket.socket) -> None:
        if plan.after:
            self.silent = True
            server.sendall(data)
            time.sleep(0.1)  # for the server to do it
        if plan.act:
            plan.act()
        self.drop()
        self.silent = False

    def drop(self) -> None:
        """Cut every connection without a farewell."""
        with self._lock:
            gone, self._open = self._open, []
        for end in gone:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for it, which closing alone does not
            end.close()


@contextlib.contextmanager
def proxied(server: int) -> Iterator[Proxy]:
    """A proxy on the loopback interface before the server at this port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Proxy(server, listener.getsockname()[1])
        thread = threading.Thread(target=proxy.serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            # Closing alone would leave the thread in ``accept``.
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            proxy.drop()
            thread.join(5)
