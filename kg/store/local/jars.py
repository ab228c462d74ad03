"""The server's jars: what the lock file says, downloaded in parallel, each verified, never half there."""

import hashlib
import os
import shutil
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import certifi
import httpx
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_exponential

from kg.errors import DownloadFailed, FolderNotWritable, LocalEngineMissing
from kg.store.local.locks import held
from kg.store.local.progress import Report, reporter
from kg.store.private import open_private, private_folder

LOCK_FILE = Path(__file__).with_name("jars.lock")
_AT_ONCE = 8
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Jar:
    """One line of the lock file."""

    sha256: str
    size: int
    coordinates: str

    @property
    def path(self) -> str:
        """Where every Maven repository keeps it, relative to its address."""
        group, artifact, version, *classifier = self.coordinates.split(":")
        return "/".join([*group.split("."), artifact, version, self._file_name(artifact, version, classifier)])

    @property
    def name(self) -> str:
        """Its file name in the cache; the group keeps two artifacts of one name apart."""
        return self.coordinates.replace(":", "-") + ".jar"

    @staticmethod
    def _file_name(artifact: str, version: str, classifier: Sequence[str]) -> str:
        return "-".join([artifact, version, *classifier]) + ".jar"


class _DamagedError(Exception):
    """What arrived is not what the lock says."""


@cache
def locked_jars(lock_file: Path = LOCK_FILE) -> tuple[Jar, ...]:
    """Every jar of the server, in the order of the lock file."""
    lines = lock_file.read_text(encoding="utf-8").splitlines()
    fields = (line.split() for line in lines if line and not line.startswith("#"))
    return tuple(Jar(sha256, int(size), coordinates) for sha256, size, coordinates in fields)


def locked_version(jars: Sequence[Jar]) -> str:
    """The version of Neo4j that the jars make up."""
    return next(jar.coordinates.split(":")[2] for jar in jars if jar.coordinates.startswith("org.neo4j:neo4j:"))


def ensure_jars(
    cache_dir: Path, repository: str = "", *, jars: Sequence[Jar] | None = None, report: Report | None = None
) -> Path:
    """The folder with all jars, downloading those that are missing or damaged.

    Several processes and several data folders may share ``cache_dir``; one of them downloads, the others wait.

    Raises:
        DownloadFailed: the repository cannot be reached or hands out something else.
        FolderNotWritable: ``cache_dir`` cannot be written.
    """
    jars = locked_jars() if jars is None else jars
    folder = cache_dir / _folder_name(jars)
    try:
        private_folder(cache_dir, new_only=True)
        private_folder(folder)
        if damaged(folder, jars):
            with held(folder / "download.lock"):
                _clear_parts(folder)
                _fetch_all(folder, damaged(folder, jars), repository, report or reporter())
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise FolderNotWritable(folder, "KG_CACHE") from error
    return folder


def _folder_name(jars: Sequence[Jar]) -> str:
    return f"neo4j-{locked_version(jars)}"


def _clear_parts(folder: Path) -> None:
    """Whoever left half a file is gone, because the lock is ours."""
    for part in folder.glob("*.part"):
        part.unlink()


def damaged(folder: Path, jars: Sequence[Jar]) -> list[Jar]:
    """The jars that are missing from ``folder`` or differ from the lock; all are read, in a fraction of a second."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        whole = pool.map(_is_whole, [folder / jar.name for jar in jars], jars)
        return [jar for jar, good in zip(jars, whole, strict=True) if not good]


def _is_whole(path: Path, jar: Jar) -> bool:
    try:
        if path.stat().st_size != jar.size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == jar.sha256
    except FileNotFoundError:
        return False


def default_repository() -> str:
    """The address that Maven itself would ask, as its Python counterpart knows it."""
    try:
        from jgo.constants import MAVEN_CENTRAL_URL
    except ImportError as error:
        raise LocalEngineMissing from error
    return MAVEN_CENTRAL_URL


def _fetch_all(folder: Path, jars: Sequence[Jar], repository: str, report: Report) -> None:
    if not jars:
        return
    source = (repository or default_repository()).rstrip("/")
    title = f"Downloading Neo4j {folder.name.removeprefix('neo4j-')} ({len(jars)} files, once)"
    with report(title, sum(jar.size for jar in jars)) as advance, _client() as client, ThreadPoolExecutor(_AT_ONCE) as pool:
        futures = [pool.submit(_fetch, client, source, jar, folder, advance) for jar in jars]
        _wait(futures, source)


def _wait(futures: Sequence[Future[None]], source: str) -> None:
    try:
        for future in as_completed(futures):
            future.result()
    except (httpx.HTTPError, httpx.InvalidURL, _DamagedError, FileNotFoundError) as error:
        raise DownloadFailed(source, str(error)) from error
    finally:
        # The first failure ends it, and so does Ctrl-C: the other files would fail one by one, each after its timeout.
        for future in futures:
            future.cancel()


def _client() -> httpx.Client:
    # The system's certificates too, because an office's proxy is signed by the office; proxies come from the environment.
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    return httpx.Client(verify=context, follow_redirects=True, timeout=httpx.Timeout(30, connect=10))


@retry(
    retry=retry_if_exception_type((httpx.TransportError, _DamagedError)),
    stop=stop_after_attempt(3),
    wait=wait_exponential(0.5),
    reraise=True,
)
def _fetch(client: httpx.Client, source: str, jar: Jar, folder: Path, advance: Callable[[int], None]) -> None:
    """Download to a name of its own, verify, then rename: a file of the right name is always whole."""
    part = folder / f"{jar.name}.{os.getpid()}.part"
    try:
        _receive(client, source, jar, part)
        if not _is_whole(part, jar):
            raise _DamagedError(f"{jar.path} is not the file that was expected")
        part.replace(folder / jar.name)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    advance(jar.size)


def _receive(client: httpx.Client, source: str, jar: Jar, part: Path) -> None:
    if "://" not in source:
        with Path(source).expanduser().joinpath(jar.path).open("rb") as original, open_private(part, "wb") as file:
            shutil.copyfileobj(original, file)
        return
    with client.stream("GET", f"{source}/{jar.path}") as response, open_private(part, "wb") as file:
        response.raise_for_status()
        for chunk in response.iter_bytes(_CHUNK):
            file.write(chunk)


def class_path(folder: Path) -> list[Path]:
    """The jars that the server runs on: in our cache what the lock names and nothing that somebody laid beside it."""
    if folder.name == _folder_name(locked_jars()):
        return [folder / jar.name for jar in locked_jars()]
    return sorted(folder.glob("*.jar"))


def installed_jars(neo4j_home: Path) -> list[Path]:
    """The jars of an installed Neo4j, empty when the folder holds none."""
    return sorted(neo4j_home.joinpath("lib").glob("*.jar"))
