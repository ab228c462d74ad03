"""Asks a SPARQL endpoint for one page at a time: patient with a busy server, short with one that never ends.

Etiquette: https://www.mediawiki.org/wiki/Wikidata_Query_Service/User_Manual#Query_limits (one request at a time, an agent
string that says who asks, and ``Retry-After`` is honoured).
"""

import datetime as dt
import email.utils
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import Self, TypeVar

import httpx
import tenacity

from kg.errors import DataError

T = TypeVar("T")
ACCEPT = "application/sparql-results+json"
_OK, _TIMEOUT, _TOO_MANY, _SERVER = 200, 408, 429, 500


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what; seconds and bytes."""

    read: float = 90.0
    """Without a byte."""
    page: float = 300.0
    """For one whole page."""
    size: int = 64 * 2**20
    """Of one page."""
    attempts: int = 6
    backoff: float = 2.0
    """Before the second attempt; doubled for each further one."""
    longest: float = 300.0
    """That a server may ask to wait for; one that wants more is left alone."""


class AskAgainError(Exception):
    """The answer may be better next time; ``after`` is what the server asked to wait, in seconds."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        """Keep the reason for the sentence that ends it all."""
        super().__init__(reason)
        self.after = after


class Client:
    """One endpoint; a context manager that closes its connections."""

    def __init__(self, endpoint: str, patience: Patience, agent: str = "") -> None:
        """Connect to nothing yet; ``endpoint`` must be an http(s) address."""
        if not endpoint.startswith(("https://", "http://")):
            raise DataError(f"{endpoint!r} is no address of a SPARQL service; it begins with https://")
        self.endpoint, self.patience, self.requests = endpoint, patience, 0
        headers = {"User-Agent": agent or _agent(), "Accept": ACCEPT}
        timeout = httpx.Timeout(patience.read, connect=min(30.0, patience.read))
        self._http = httpx.Client(headers=headers, timeout=timeout, follow_redirects=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self._http.close()

    def ask(self, query: str, understand: Callable[[bytes], T]) -> T:
        """What ``understand`` makes of the answer; it raises `AskAgainError` on one that is broken.

        Raises:
            DataError: the endpoint refuses, stays silent or goes on giving broken answers.
        """
        try:
            return tenacity.Retrying(
                retry=tenacity.retry_if_exception_type(AskAgainError),
                stop=tenacity.stop_after_attempt(self.patience.attempts),
                wait=self._wait,
                reraise=True,
            )(lambda: understand(self._fetch(query)))
        except AskAgainError as reason:
            raise DataError(
                f"{self.endpoint} gave no usable answer in {self.patience.attempts} attempts ({reason}); nothing was loaded, and"
                " the pages that it did give are kept, so run again later or give another address by --option endpoint=…"
            ) from reason

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        after = error.after if isinstance(error, AskAgainError) else None
        return after if after is not None else min(self.patience.longest, self.patience.backoff * 2 ** (state.attempt_number - 1))

    def _fetch(self, query: str) -> bytes:
        self.requests += 1
        try:
            with self._http.stream("POST", self.endpoint, data={"query": query}) as answer:
                self._judge(answer)
                return self._body(answer)
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise AskAgainError(f"the connection failed: {str(error) or type(error).__name__}") from error
        except (httpx.InvalidURL, httpx.TooManyRedirects) as error:
            raise DataError(f"{self.endpoint} cannot be asked: {error}") from error

    def _judge(self, answer: httpx.Response) -> None:
        status = answer.status_code
        if status in {_TOO_MANY, _TIMEOUT} or status >= _SERVER:
            after = _retry_after(answer.headers.get("Retry-After", ""))
            if after is not None and after > self.patience.longest:
                raise DataError(f"{self.endpoint} wants to be left alone for {after:.0f} s; run again then, its pages are kept")
            raise AskAgainError(f"status {status}", after)
        if status != _OK:
            raise DataError(f"{self.endpoint} refuses the query with status {status}; check the address (--option endpoint=…)")

    def _body(self, answer: httpx.Response) -> bytes:
        parts, size, until = list[bytes](), 0, time.monotonic() + self.patience.page
        for part in answer.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > self.patience.size:
                raise AskAgainError(f"a page of more than {self.patience.size} bytes")
            if time.monotonic() > until:
                raise AskAgainError(f"a page that took more than {self.patience.page:g} s")
        return b"".join(parts)


def _retry_after(text: str) -> float | None:
    """Seconds from a number or a date, as RFC 9110 §10.2.3 allows; None when there is no usable one."""
    if text.strip().isdecimal():
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment - dt.datetime.now(moment.tzinfo or dt.UTC)).total_seconds()) if moment.tzinfo else None


def _agent() -> str:
    try:
        number = version("cityties")
    except PackageNotFoundError:
        number = "0"
    return f"cityties/{number} (city partnerships; one request at a time) python-httpx/{httpx.__version__}"
