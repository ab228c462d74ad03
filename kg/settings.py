"""The one place for configuration: environment variables, each with its default and meaning.

``docs/settings.md`` is made from this class, so a setting without a description cannot exist.
"""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


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
        float, Field(alias="KG_QUERY_TIMEOUT", gt=0, description="Seconds that a query from the console may take.")
    ] = 10.0
    language: Annotated[
        Literal["", "de", "en"],
        Field(alias="KG_LANGUAGE", description="Language of texts; empty means German in the app and dossier."),
    ] = ""


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
