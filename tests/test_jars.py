"""Downloading the server's files: verified, shared, never half there; from a repository of the test's own."""

import functools
import hashlib
import http.server
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kg.errors import DownloadFailed, FolderNotWritable
from kg.store.local.jars import Jar, damaged, ensure_jars, locked_jars, locked_version

NAMES = ("org.neo4j:neo4j:5.0.0", "org.example:plain:1.0", "org.example:native:2.0:linux-x86_64")


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and counts what was asked."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Repository:
    """A Maven repository with three little jars, its address, and what was asked of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.jars = [self._make(name) for name in NAMES]
        self.asked: list[str] = []
        handler = functools.partial(type("H", (Handler,), {"asked": self.asked}), directory=str(folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def _make(self, name: str) -> Jar:
        content = name.encode() * 5000
        jar = Jar(hashlib.sha256(content).hexdigest(), len(content), name)
        path = self.folder / jar.path
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        return jar


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    found = Repository(tmp_path / "repository")
    thread = threading.Thread(target=found.server.serve_forever)
    thread.start()
    yield found
    found.server.shutdown()
    thread.join()
    found.server.server_close()


def test_the_lock_names_one_neo4j_and_every_jar_once() -> None:
    jars = locked_jars()
    assert locked_version(jars).startswith("5.26.")
    assert len({jar.name for jar in jars}) == len(jars) > 200
    assert all(len(jar.sha256) == 64 and jar.size > 0 for jar in jars)


def test_download_then_nothing_more_to_ask(repository: Repository, tmp_path: Path) -> None:
    folder = ensure_jars(tmp_path / "cache", repository.url, jars=repository.jars)
    assert sorted(path.name for path in folder.glob("*.jar")) == sorted(jar.name for jar in repository.jars)
    assert sorted(repository.asked) == sorted("/" + jar.path for jar in repository.jars)
    ensure_jars(tmp_path / "cache", "http://127.0.0.1:9", jars=repository.jars)


@pytest.mark.parametrize("content", [b"", b"half", None])
def test_a_half_or_altered_jar_is_fetched_again_and_only_it(
    repository: Repository, tmp_path: Path, content: bytes | None
) -> None:
    folder = ensure_jars(tmp_path / "cache", repository.url, jars=repository.jars)
    victim = folder / repository.jars[1].name
    (folder / "left-behind.jar.1.part").write_bytes(b"half")
    victim.write_bytes(b"\0" * repository.jars[1].size if content is None else content)
    repository.asked.clear()
    ensure_jars(tmp_path / "cache", repository.url, jars=repository.jars)
    assert repository.asked == ["/" + repository.jars[1].path]
    assert damaged(folder, repository.jars) == []
    assert not list(folder.glob("*.part"))


def test_what_the_repository_altered_is_refused_and_leaves_nothing(repository: Repository, tmp_path: Path) -> None:
    (repository.folder / repository.jars[0].path).write_bytes(b"something else")
    with pytest.raises(DownloadFailed, match="not the file that was expected"):
        ensure_jars(tmp_path / "cache", repository.url, jars=repository.jars)
    folder = tmp_path / "cache" / "neo4j-5.0.0"
    assert not (folder / repository.jars[0].name).exists()
    assert not list(folder.glob("*.part"))


def test_a_missing_file_is_a_sentence_with_the_alternatives(repository: Repository, tmp_path: Path) -> None:
    (repository.folder / repository.jars[2].path).unlink()
    with pytest.raises(DownloadFailed, match=r"404.*NEO4J_URI.*NEO4J_HOME.*KG_REPOSITORY"):
        ensure_jars(tmp_path / "cache", repository.url, jars=repository.jars)


def test_an_unreachable_repository_is_a_sentence_with_the_alternatives(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(DownloadFailed, match=r"cannot be downloaded from .*NEO4J_URI.*NEO4J_HOME.*KG_REPOSITORY"):
            ensure_jars(tmp_path, address)


def test_a_folder_serves_as_a_repository(repository: Repository, tmp_path: Path) -> None:
    folder = ensure_jars(tmp_path / "cache", str(repository.folder), jars=repository.jars)
    assert damaged(folder, repository.jars) == []
    assert repository.asked == []


def test_several_at_once_download_once(repository: Repository, tmp_path: Path) -> None:
    fetch = functools.partial(ensure_jars, tmp_path / "cache", repository.url, jars=repository.jars)
    with ThreadPoolExecutor(4) as pool:
        folders = {future.result() for future in [pool.submit(fetch) for _ in range(4)]}
    assert len(folders) == 1
    assert len(repository.asked) == len(NAMES)


def test_a_cache_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(FolderNotWritable, match="KG_CACHE"):
        ensure_jars(tmp_path / "file" / "cache")
