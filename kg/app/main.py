"""The app: its pages in their order, and the frame around each of them."""

from collections.abc import Callable

import streamlit as st

from kg.app import address, chances, connection, explore, overview, queries, sources
from kg.app.login import admitted, show_user
from kg.app.trouble import errors_shown
from kg.present.texts import t

# No icons: Streamlit would fetch each as the tab's picture from another host.
PAGES: tuple[tuple[str, Callable[[], None]], ...] = (
    ("explore", explore.page),
    ("chances", chances.page),
    ("connection", connection.page),
    ("queries", queries.page),
    ("sources", sources.page),
    ("overview", overview.page),
)


def main() -> None:
    """Run the page that the address names."""
    address.arrive()
    language = address.language()
    st.set_page_config(page_title=t("app.title", language), layout="wide")
    pages = {
        name: st.Page(_framed(page), title=t(f"app.nav_{name}", language), url_path=name, default=name == "explore")
        for name, page in PAGES
    }
    chosen = st.navigation(list(pages.values()), position="top")
    if wanted := st.session_state.pop("go", None):
        name, parameters = wanted
        st.switch_page(pages[name], query_params=parameters)
    address.keep()
    chosen.run()


def _framed(page: Callable[[], None]) -> Callable[[], None]:
    def framed() -> None:
        language = address.language()
        if admitted(language):
            with errors_shown():
                page()
            show_user(language)

    return framed
