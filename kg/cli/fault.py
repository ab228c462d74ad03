"""The end of everything that nobody foresaw: a sentence, and a file with the details for whoever mends it."""

import datetime as dt
import os
import platform
import re
import tempfile
import traceback
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from kg.errors import KgError
from kg.settings import settings

_LOGIN = re.compile(r"(\b[a-z][a-z0-9+.-]*:/+)?[^\s/]*@", re.IGNORECASE)
"""The login of an address inside running text, of which all else is wanted."""
EXIT_CODE = 70
"""What sysexits.h calls a fault of the program."""


def explain(error: BaseException, command: str) -> str:
    """Keep the details in a file that only its user can read, and say where it is."""
    text = without_secrets("".join([_head(command), *traceback.format_exception(error)]))
    last = without_secrets(f"{type(error).__name__}: {error}").splitlines()[0][:200]
    sentence = f"kg: this is a fault of the program and not yours ({last})"
    try:
        return f"{sentence}; the details are in {_keep(text)}, please send them with what you did"
    except OSError as reason:
        return f"{sentence}; its details could not be kept ({reason.strerror})"


def without_secrets(text: str) -> str:
    """The text without passwords and without the logins in addresses."""
    names = ("NEO4J_PASSWORD", "PASSWORD", "SECRET", "TOKEN")
    found = [value for name, value in os.environ.items() if name.upper().endswith(names) and len(value) > 3]
    with suppress(OSError, UnicodeDecodeError):  # perhaps none was made yet
        found.append((_home() / "server.password").read_text(encoding="utf-8").strip())
    for secret in filter(None, found):
        text = text.replace(secret, "…")
    return _LOGIN.sub(r"\1…@", text)


def _keep(text: str) -> Path:
    folder = _home() / "logs"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(".txt", f"fault-{dt.datetime.now():%Y%m%d-%H%M%S}-", folder)  # readable by its user alone
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
    return Path(name)


def _home() -> Path:
    try:
        return settings().home
    except KgError:
        return Path(tempfile.gettempdir())


def _head(command: str) -> str:
    try:
        number = version("cityties")
    except PackageNotFoundError:
        number = "0"
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return f"cityties {number}, Python {platform.python_version()}, {platform.platform()}, {now}\nkg {command}\n\n"
