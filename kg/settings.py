"""The one place for configuration: environment variables, each with its default and meaning.

``docs/settings.md`` is made from this class, so a setting without a description cannot exist. A value that cannot be is
answered once, by the setting's name and what would be right.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from kg.errors import UsageError

_SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
_HEAP = re.compile(r"[1-9]\d{0,9}[kmg]?", re.IGNORECASE | re.ASCII)
_LOGIN = re.compile(r"^(\s*[a-z0-9+.-]*:?/+|).*@", re.DOTALL | re.IGNORECASE)
_QUERY = re.compile(r"(/[^?#]*)[?#].*", re.DOTALL)


def _data_home() -> Path:
    return platformdirs.user_data_path("cityties", appauthor=False)


def _cache_home() -> Path:
    return platformdirs.user_cache_path("cityties", appauthor=False)


class Settings(BaseSettings):
    """Everything that can be configured; each field is read from the variable named as its alias."""

    model_config = SettingsConfigDict(frozen=True, populate_by_name=True, env_prefix="KG_", env_ignore_empty=True)

    home: Annotated[Path, Field(alias="KG_HOME", description="Folder of the local database and of quarantined rows.")] = Field(
        default_factory=_data_home
    )
    cache_dir: Annotated[
        Path, Field(alias="KG_CACHE", description="Folder of what can be made again: server files, gazetteer index, raw pages.")
    ] = Field(default_factory=_cache_home)
    neo4j_uri: Annotated[
        str, Field(alias="NEO4J_URI", description="Address of a Neo4j to use instead of the local one (neo4j+s://… for Aura).")
    ] = ""
    neo4j_username: Annotated[str, Field(alias="NEO4J_USERNAME", description="User name at NEO4J_URI.")] = "neo4j"
    neo4j_password: Annotated[SecretStr, Field(alias="NEO4J_PASSWORD", description="Password at NEO4J_URI.")] = SecretStr("")
    neo4j_database: Annotated[str, Field(alias="NEO4J_DATABASE", description="Database at the server.")] = "neo4j"
    neo4j_home: Annotated[
        Path | None, Field(alias="NEO4J_HOME", description="Folder of an installed Neo4j 5, used instead of a download.")
    ] = None
    repository: Annotated[
        str, Field(alias="KG_REPOSITORY", description="Address of another Maven repository, for offices with a mirror.")
    ] = ""
    funding_portal: Annotated[
        str,
        Field(
            alias="KG_FUNDING_PORTAL",
            description="Address of the search of the EU's Funding and Tenders Portal; only `kg funding refresh` asks there.",
        ),
    ] = "https://api.tech.ec.europa.eu/search-api/prod/rest/search"
    heap: Annotated[str, Field(alias="KG_HEAP", description="Heap of the local server, as the JVM writes it.")] = "512m"
    port: Annotated[int, Field(alias="KG_PORT", ge=0, le=65535, description="Port of the local server; 0 takes a free one.")] = 0
    no_browser: Annotated[bool, Field(alias="KG_NO_BROWSER", description="Print the app's address, open no browser.")] = False
    app_port: Annotated[int, Field(alias="KG_APP_PORT", ge=0, le=65535, description="Port of the app; 0 takes a free one.")] = 0
    read_only: Annotated[
        bool, Field(alias="KG_READ_ONLY", description="The app writes nothing: no intake and no review of documents.")
    ] = False
    app_address: Annotated[
        str, Field(alias="KG_APP_ADDRESS", description="IP address that the app listens at; by default this machine's own only.")
    ] = "127.0.0.1"
    app_hosts: Annotated[
        str,
        Field(
            alias="KG_APP_HOSTS",
            description="Further names under which browsers open the app, separated by commas: name, name:port or https://name.",
        ),
    ] = ""
    login_metadata: Annotated[
        str,
        Field(
            alias="KG_LOGIN_METADATA",
            description="Address of an OpenID Connect provider's configuration; once set, everybody has to log in.",
        ),
    ] = ""
    login_client: Annotated[str, Field(alias="KG_LOGIN_CLIENT", description="Name of the app at the identity provider.")] = ""
    login_secret: Annotated[SecretStr, Field(alias="KG_LOGIN_SECRET", description="Secret of the app at the provider.")] = (
        SecretStr("")
    )
    readers: Annotated[
        str,
        Field(
            alias="KG_READERS",
            description="Who may read after logging in: e-mail addresses, @domains, group:names, or * for everybody.",
        ),
    ] = ""
    writers: Annotated[str, Field(alias="KG_WRITERS", description="Who may read and write; written as KG_READERS.")] = ""
    console: Annotated[
        bool | None,
        Field(
            alias="KG_CONSOLE",
            description="Whether the app offers the Cypher console; empty: only where nobody but this machine reaches the app.",
        ),
    ] = None
    query_timeout: Annotated[
        float, Field(alias="KG_QUERY_TIMEOUT", gt=0, le=86_400, description="Seconds that a query from the console may take.")
    ] = 10.0
    keep_days: Annotated[
        int, Field(alias="KG_KEEP_DAYS", ge=1, le=36_500, description="Days that rejected rows and former logs are kept.")
    ] = 90
    language: Annotated[
        Literal["", "de", "en"],
        Field(alias="KG_LANGUAGE", description="Language of texts; empty means German in the app and dossier."),
    ] = ""

    @field_validator("*", mode="before")
    @classmethod
    def _is_text(cls, value: object) -> object:
        if isinstance(value, str) and any(c < " " or "\ud800" <= c <= "\udfff" for c in value):
            raise ValueError("holds bytes or controls that are no text; type it again")
        return value

    @field_validator("home", "cache_dir", "neo4j_home")
    @classmethod
    def _is_whole_path(cls, value: Path | None) -> Path | None:
        return value.expanduser() if value else None

    @field_validator("neo4j_uri")
    @classmethod
    def _is_bolt(cls, value: str) -> str:
        if value:
            _check_address(value, _SCHEMES)
            if "@" in value:
                raise ValueError("holds a user name or password; give these in NEO4J_USERNAME and NEO4J_PASSWORD")
        return value

    @field_validator("repository")
    @classmethod
    def _is_web_or_folder(cls, value: str) -> str:
        if "://" in value:
            _check_address(value, ("https", "http"))
        return value

    @field_validator("funding_portal")
    @classmethod
    def _is_web(cls, value: str) -> str:
        _check_address(value, ("https", "http"))
        if "@" in value:
            raise ValueError("holds a user name or password; the portal's search needs none")
        return value

    @field_validator("heap")
    @classmethod
    def _is_size(cls, value: str) -> str:
        if not _HEAP.fullmatch(value):
            raise ValueError("must be a number with k, m or g, such as 512m")
        return value


@cache
def settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        UsageError: naming each setting whose value cannot be, and what would be right.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise UsageError("; ".join(_wrong(each["loc"][0], each) for each in error.errors())) from None  # it holds the values


def without_secrets(address: str) -> str:
    """An address as it may be printed: without the login and the query that somebody wrote into it."""
    return _QUERY.sub(r"\1?…", _LOGIN.sub(r"\1…@", address))


def _check_address(value: str, schemes: tuple[str, ...]) -> None:
    right = f"must be an address such as {schemes[0]}://host (also {', '.join(schemes[1:])})"
    try:
        parts = urlsplit(value)
        sound = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError as error:  # a port that is none, or half of an IPv6 address
        # A password may stand where a port is looked for.
        raise ValueError(right if "@" in value else f"{right}; {error}") from error
    if not sound:
        raise ValueError(right)


def _wrong(name: int | str, error: Mapping[str, Any]) -> str:
    field = next(field for key, field in Settings.model_fields.items() if name in {key, field.alias})
    secret = field.annotation is SecretStr
    value = "" if secret else "=" + without_secrets(str(error["input"]))[:60].encode("utf-8", "backslashreplace").decode()
    return f"{field.alias or name}{value} {error.get('ctx', {}).get('error') or f'must be {_right(field)}'}"


def _right(field: FieldInfo) -> str:
    if field.annotation is bool:
        return "true or false (also on, off, 1, 0)"
    if get_origin(field.annotation) is Literal:
        return f"one of {', '.join(filter(None, get_args(field.annotation)))}, or empty"
    limits = {n: getattr(m, n) for m in field.metadata for n in ("ge", "gt", "le") if hasattr(m, n)}
    kind = "a whole number" if field.annotation is int else "a number"
    lower = f"above {limits['gt']}" if "gt" in limits else f"from {limits.get('ge', 0)}"
    return f"{kind} {lower} to {limits.get('le')}"
