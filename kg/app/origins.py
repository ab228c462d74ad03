"""Under which addresses browsers may open the app: this machine's own names, and those that the settings add.

An origin is kept as a browser writes it (``http://127.0.0.1:8501``), so that comparing texts finds a forged one.
"""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

import httpx

from kg.errors import UsageError
from kg.settings import Settings

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_ENTRY = re.compile(r"(?:(https?)://)?(\[[0-9a-f:.]+\]|[^\s/:@?#\[\]]+)(?::([0-9]{1,5}))?")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[.+\]")


def allowed_origins(settings: Settings, port: int) -> tuple[str, ...]:
    """Every origin under which the app may be opened that listens at ``port``; those of the settings stand first.

    Raises:
        UsageError: ``KG_APP_HOSTS`` or ``KG_APP_ADDRESS`` cannot be meant.
    """
    address = listening_address(settings)
    names = [*_LOOPBACK, *([] if address.is_loopback or address.is_unspecified else [_in_url(address)])]
    return (*_of_settings(settings, port), *(_written("http", name, port) for name in names))


def is_private(settings: Settings) -> bool:
    """Whether nobody but this machine reaches the app: it listens here only and is not put behind another name."""
    return listening_address(settings).is_loopback and not settings.app_hosts.strip()


def listening_address(settings: Settings) -> IPv4Address | IPv6Address:
    """``KG_APP_ADDRESS``, checked.

    Raises:
        UsageError: it is no IP address, or it is every address and no name is set.
    """
    try:
        address = ip_address(settings.app_address.strip())
    except ValueError:
        raise UsageError(f"KG_APP_ADDRESS is {settings.app_address!r}; it must be an IP address such as 127.0.0.1.") from None
    if address.is_unspecified and not settings.app_hosts.strip():
        raise UsageError(
            f"KG_APP_ADDRESS={address} lets other machines in, but KG_APP_HOSTS does not say under which name they open the "
            "app. Set it to that name, for example KG_APP_HOSTS=cityties.example.org."
        )
    return address


def local_url(settings: Settings, port: int) -> str:
    """Where this machine itself opens the app."""
    address = listening_address(settings)
    if address.is_unspecified:
        return _written("http", "127.0.0.1" if address.version == 4 else "[::1]", port)
    return _written("http", _in_url(address), port)


def _of_settings(settings: Settings, port: int) -> Iterator[str]:
    """A name alone is meant at the app's own port, or with TLS before it at the default one; with a port or scheme, as said."""
    for entry in filter(None, (part.strip() for part in settings.app_hosts.split(","))):
        found = _ENTRY.fullmatch(entry.lower())
        name = _ascii(found[2]) if found else ""
        if found is None or not _NAME.fullmatch(name) or int(found[3] or 1) not in range(1, 65536):
            raise UsageError(
                f"KG_APP_HOSTS has the entry {entry!r}, which is no name; write name, name:port or https://name, "
                "without a path and without wildcards."
            )
        scheme, said = found[1], int(found[3]) if found[3] else None
        if scheme:
            yield _written(scheme, name, said or _DEFAULT_PORTS[scheme])
        else:
            yield _written("https", name, said or _DEFAULT_PORTS["https"])
            yield _written("http", name, said or port)


def _ascii(name: str) -> str:
    """A name as browsers send it, umlauts and all; empty where it is none."""
    try:
        return name if name.isascii() else httpx.URL(f"https://{name}").raw_host.decode("ascii")
    except httpx.InvalidURL:
        return ""


def _in_url(address: IPv4Address | IPv6Address) -> str:
    return f"[{address}]" if address.version == 6 else str(address)


def _written(scheme: str, name: str, port: int) -> str:
    return f"{scheme}://{name}" + ("" if port == _DEFAULT_PORTS[scheme] else f":{port}")
