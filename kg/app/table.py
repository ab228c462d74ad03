"""Tables on the page: rows that people read, sorted and searched in the browser, chosen by mouse or keyboard."""

# pyright: reportUnknownMemberType=false

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

_ROW, _HEAD = 35, 38
Rows = Sequence[Mapping[str, Any]]


def table(rows: Rows, *, most: int = 420, config: Mapping[str, Any] | None = None) -> None:
    """Show rows; higher than ``most`` pixels they scroll."""
    st.dataframe(rows, hide_index=True, height=_height(rows, most), column_config=dict(config or {}))


def table_to_choose(
    rows: Rows, key: str, choose: Callable[[int | None], None], *, most: int = 420, config: Mapping[str, Any] | None = None
) -> None:
    """Show rows of which one can be chosen; ``choose`` gets its number, or None when it is let go."""

    def chosen() -> None:
        picked: list[int] = st.session_state[key]["selection"]["rows"]
        choose(picked[0] if picked and picked[0] < len(rows) else None)

    st.dataframe(
        rows,
        hide_index=True,
        height=_height(rows, most),
        column_config=dict(config or {}),
        key=key,
        on_select=chosen,
        selection_mode="single-row",
    )


def web_link() -> Any:
    """A column of addresses, shown as the name of the host."""
    return st.column_config.LinkColumn(display_text=r"https?://(?:www\.)?([^/]+)")


def share(width: Any = "small") -> Any:
    """A column of per cent: whole numbers from 0 to 100, which look the same in every language."""
    return st.column_config.ProgressColumn(min_value=0, max_value=100, format="%d %%", width=width)


def _height(rows: Rows, most: int) -> int:
    return min(most, _HEAD + _ROW * len(rows))
