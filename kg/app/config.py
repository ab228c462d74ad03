"""How the app's server runs: one table, given to Streamlit as flags, so that it holds inside and outside a checkout.

Nothing listens beyond this machine, no usage figures leave it, and the theme is the one the pictures are made for.
"""

from kg.present.pictures import style
from kg.present.pictures.style import Theme

Option = str | int | bool


def _theme(theme: Theme) -> dict[str, Option]:
    colours = {
        "primaryColor": style.ACCENT, "backgroundColor": style.GROUND, "secondaryBackgroundColor": style.PANEL,
        "textColor": style.TEXT, "borderColor": style.BORDER, "linkColor": style.ACCENT,
    }  # fmt: skip
    return {f"theme.{theme}.{name}": ink.on(theme) for name, ink in colours.items()}


OPTIONS: dict[str, Option] = {
    "server.address": "127.0.0.1",
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.enableAgentApi": False,
    "server.trustedUserHeaders": "{}",
    "server.maxUploadSize": 50,
    "browser.gatherUsageStats": False,
    "browser.serverAddress": "127.0.0.1",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "theme.font": "sans-serif",
    "theme.baseRadius": "8px",
    "theme.showWidgetBorder": True,
    "theme.paddingTop": "1rem",
    **_theme("light"),
    **_theme("dark"),
}


def flags(**more: Option) -> list[str]:
    """``OPTIONS`` as flags of ``streamlit run``; ``more`` has further ones with two underscores for the dot (server__port)."""
    options = OPTIONS | {name.replace("__", "."): value for name, value in more.items()}
    return [f"--{name}={_text(value)}" for name, value in options.items()]


def _text(value: Option) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
