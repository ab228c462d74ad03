"""Claims on the page: each with its source, date and link; contradictions side by side."""

import streamlit as st

from kg.present.details import Point, Statement
from kg.present.markdown import escape, link
from kg.present.texts import Language, t


def show_points(points: tuple[Point, ...], language: Language) -> None:
    """Every point with all its statements."""
    for point in points:
        if point.contested and len(point.sides) > 1:
            _side_by_side(point, language)
        else:
            _one_after_another(point, language)


def _side_by_side(point: Point, language: Language) -> None:
    with st.container(border=True):
        st.markdown(f":orange[:material/balance:] **{escape(point.label)}** · {t('explore.contested', language)}")
        for column, (value, statements) in zip(st.columns(min(len(point.sides), 3) or 1) * len(point.sides), point.sides, strict=False):
            with column:
                st.markdown(f"**{escape(value)}**")
                st.caption("\n".join(f"- {_source(s, language)}" for s in statements))


def _one_after_another(point: Point, language: Language) -> None:
    lines = [f"**{escape(point.label)}**"]
    for value, statements in point.sides:
        lines.append(f"- {escape(value)}")
        lines += [f"    - :small[{_source(s, language)}]" for s in statements]
    st.markdown("\n".join(lines))


def _source(statement: Statement, language: Language) -> str:
    told = [link(statement.source, statement.url)]
    if statement.publisher and statement.publisher not in statement.source:
        told.append(escape(statement.publisher))
    if statement.stated:
        told.append(escape(t("explore.stated_on", language, date=statement.stated)))
    if statement.as_of:
        told.append(escape(t("explore.stated_as_of", language, date=statement.as_of)))
    if statement.by:
        told.append(escape(t("explore.stated_by", language, place=statement.by)))
    if statement.locator:
        told.append(escape(statement.locator))
    return " · ".join(told) + (f" — *{escape(statement.note)}*" if statement.note else "")
