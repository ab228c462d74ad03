"""Who uses the app: login at an OpenID Connect provider, and the two roles, reading, and reading and writing.

Without ``KG_LOGIN_METADATA`` nobody logs in: on this machine alone everybody may write, behind another name nobody.
"""

import secrets
import time
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from typing import Literal, cast

import streamlit as st
from streamlit.runtime.secrets import SecretsValue

from kg.app.origins import allowed_origins, is_private
from kg.errors import NotAllowed, UsageError
from kg.present.texts import Language, t
from kg.present.texts.markdown import escape
from kg.settings import Settings, settings

Role = Literal["none", "reader", "writer"]
_SHIFT = 12 * 3600  # seconds after which a login is asked for again, so that a role that was taken away ends


def provider(settings: Settings) -> Mapping[str, SecretsValue] | None:
    """The identity provider as Streamlit's secrets have it; None without a login.

    The key that signs the cookies is made anew at every start: then everybody logs in again.

    Raises:
        UsageError: a setting is missing, or the package that the login needs.
    """
    if not settings.login_metadata:
        return None
    for name, value in (
        ("KG_LOGIN_CLIENT", settings.login_client),
        ("KG_LOGIN_SECRET", settings.login_secret.get_secret_value()),
    ):
        if not value:
            raise UsageError(f"KG_LOGIN_METADATA is set, so people log in; {name} has to be set too.")
    if not settings.readers.strip() and not settings.writers.strip():
        raise UsageError("KG_LOGIN_METADATA is set, but neither KG_READERS nor KG_WRITERS says who may use the app.")
    if find_spec("authlib") is None:
        raise UsageError("Logging in needs a package that is not installed: pip install 'cityties[login]'.")
    return {
        "auth": {
            "redirect_uri": _home(settings) + "/oauth2callback",
            "cookie_secret": secrets.token_hex(32),
            "client_id": settings.login_client,
            "client_secret": settings.login_secret.get_secret_value(),
            "server_metadata_url": settings.login_metadata,
        }
    }


def _home(settings: Settings) -> str:
    """The origin to which the provider sends people back: the first name of the settings, else this machine's."""
    return allowed_origins(settings, 1)[0] if settings.app_hosts.strip() else "http://127.0.0.1:{port}"


def role(user: Mapping[str, object], settings: Settings, now: float) -> Role:
    """What somebody may do, by the claims of their identity; ``now`` in seconds since 1970."""
    issued = user.get("iat")
    if user.get("is_logged_in") is not True or not isinstance(issued, int | float) or now - issued > _SHIFT:
        return "none"
    marks = set(_marks(user))
    lists: tuple[tuple[Role, str], ...] = (("writer", settings.writers), ("reader", settings.readers))
    for found, listed in lists:
        if marks & {part.strip().casefold() for part in listed.split(",") if part.strip()}:
            return found
    return "none"


def _marks(user: Mapping[str, object]) -> Iterable[str]:
    """How the lists of the settings may call somebody; an address that the provider calls unverified does not count."""
    yield "*"
    mail = user.get("email")
    if isinstance(mail, str) and mail.count("@") == 1 and user.get("email_verified", True) is True:
        yield mail.casefold()
        yield mail[mail.index("@") :].casefold()
    groups = user.get("groups")
    if isinstance(groups, list):
        yield from (f"group:{name.casefold()}" for name in cast(list[object], groups) if isinstance(name, str))


def may_write() -> bool:
    """Whether whoever looks at the page may write; what writes is shown to nobody else."""
    if settings().read_only:
        return False
    return _role() == "writer" if settings().login_metadata else is_private(settings())


def require_write() -> None:
    """Asked right before every write, whatever the page showed.

    Raises:
        NotAllowed: whoever asks may not write.
    """
    if not may_write():
        raise NotAllowed(
            "Nothing was written. Writing needs a login whose e-mail address or group KG_WRITERS lists; without a login the app "
            "writes only while nobody but this machine reaches it, and never with KG_READ_ONLY."
        )


def admitted(language: Language) -> bool:
    """Whether the page may be shown; where it may not, the way in stands on it."""
    if not settings().login_metadata or _role() != "none":
        return True
    st.title(t("app.title", language), anchor=False)
    if st.user.is_logged_in and time.time() - _issued() <= _SHIFT:
        st.info(t("login.no_role", language, who=escape(_name())))
        st.button(t("login.leave", language), on_click=st.logout, icon=":material/logout:")
    else:
        st.write(t("login.needed", language))
        st.button(t("login.enter", language), on_click=st.login, type="primary", icon=":material/login:")
    return False


def show_user(language: Language) -> None:
    """Who is logged in, in which role, and the way out; nothing where nobody logs in."""
    if settings().login_metadata and (found := _role()) != "none":
        with st.container(horizontal=True, vertical_alignment="center", key="who"):
            st.caption(escape(t(f"login.as_{found}", language, who=_name())), width="content")
            st.button(t("login.leave", language), on_click=st.logout, type="tertiary", icon=":material/logout:")


def _role() -> Role:
    return role(st.user.to_dict(), settings(), time.time())


def _issued() -> float:
    value = st.user.to_dict().get("iat")
    return float(value) if isinstance(value, int | float) else 0.0


def _name() -> str:
    user = st.user.to_dict()
    return str(user.get("email") or user.get("name") or user.get("sub") or "?")
