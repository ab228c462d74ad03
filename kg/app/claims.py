"""Claims on the page: each with its source, date and link; contradictions side by side."""

import streamlit as st

from kg.present.texts import Language, t
from kg.present.texts.markdown import escape, link
from kg.present.views.details import Point, Statement

_AT_ONCE = 3
"""Sources of one statement that are shown before the rest is folded away."""
_SIDES_AT_ONCE = 3
"""Values of one point that are shown each with its sources."""


def show_points(points: tuple[Point, ...], language: Language) -> None:
    """Every point with all its statements; what sources disagree on comes first."""
    for point in sorted(points, key=lambda p: not _disputed(p)):
        if _disputed(point):
            _side_by_side(point, language)
        else:
            _one_after_another(point, language)


def _disputed(point: Point) -> bool:
    return point.contested and len(point.sides) > 1


def _side_by_side(point: Point, language: Language) -> None:
    with st.container(border=True):
        st.markdown(f":orange[:material/balance:] **{escape(point.label)}** · {t('explore.contested', language)}")
        for start in range(0, len(point.sides), 3):
            row = point.sides[start : start + 3]
            for column, (value, statements) in zip(st.columns(max(len(row), 2)), row, strict=False):
                with column:
                    st.markdown(f"**{escape(value)}**")
                    st.caption("\n".join(f"- {_source(s, language)}" for s in statements))


def _one_after_another(point: Point, language: Language) -> None:
    """A point and its sources; of many values, such as topics, the sources are folded away."""
    if len(point.sides) > _SIDES_AT_ONCE and not point.contested:
        st.markdown(f"**{escape(point.label)}** · {escape(', '.join(value for value, _ in point.sides))}")
        with st.expander(t("explore.claims", language, n=sum(len(statements) for _, statements in point.sides)), type="compact"):
            st.markdown(
                "\n".join(f"- {escape(value)}\n" + _list(statements, language, "    ") for value, statements in point.sides)
            )
        return
    for number, (value, statements) in enumerate(point.sides):
        lead = f"**{escape(point.label)}** · " if number == 0 else ""
        shown, rest = statements[:_AT_ONCE], statements[_AT_ONCE:]
        st.markdown(f"{lead}{escape(value)}\n" + _list(shown, language))
        if rest:
            key = "explore.claims_more_one" if len(rest) == 1 else "explore.claims_more"
            with st.expander(t(key, language, n=len(rest), value=escape(value)), type="compact"):
                st.markdown(_list(rest, language))


def _list(statements: tuple[Statement, ...], language: Language, indent: str = "") -> str:
    return "\n".join(f"{indent}- :small[{_source(s, language)}]" for s in statements)


def _source(statement: Statement, language: Language) -> str:
    parts = [link(statement.source, statement.url)]
    if statement.publisher and statement.publisher not in statement.source:
        parts.append(escape(statement.publisher))
    if statement.stated:
        parts.append(escape(t("explore.stated_on", language, date=statement.stated)))
    if statement.as_of and statement.as_of != statement.stated:
        parts.append(escape(t("explore.stated_as_of", language, date=statement.as_of)))
    if statement.at_the_latest:
        parts.append(escape(t("explore.stated_seen", language, date=statement.at_the_latest)))
    if statement.by:
        parts.append(escape(t("explore.stated_by", language, place=statement.by)))
    if statement.locator:
        parts.append(escape(statement.locator))
    return " · ".join(parts) + (f" — *{escape(statement.note)}*" if statement.note else "")
