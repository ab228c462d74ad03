"""Dates as people write them: the meaning is kept, and what is not understood is a note and never a year."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.tabular.years import understood

TODAY = dt.date(2026, 1, 1)
with Path(__file__).with_name("data").joinpath("dates.csv").open(encoding="utf-8", newline="") as file:
    LABELLED = list(csv.DictReader(file))


@pytest.mark.parametrize("row", LABELLED, ids=[row["text"] for row in LABELLED])
def test_a_date_means_what_was_labelled_before_it_was_read(row):
    when = understood(row["text"], 1800, TODAY)
    expected = (row["since"], row["until"], row["status"], row["status_as_of"])
    assert (when.since, when.until, when.status, when.status_as_of) == expected
    assert bool(when.note) == (row["noted"] == "yes")


@given(st.text(max_size=30) | st.from_regex(r"[a-zäé .,/()–-]{0,12}\d{1,5}[a-zäé .,/()–-]{0,12}\d{0,4}", fullmatch=True))
def test_any_text_gives_dates_of_years_that_stand_in_it_or_a_note(text):
    when = understood(text, 1800, TODAY)
    for date in (when.since, when.until):
        assert not date or 1800 <= int(date[:4]) <= 2027
    assert when.note or when.since or when.until or when.status or not any(c.isdigit() for c in text)
