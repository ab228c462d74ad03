"""The projection is read once per state of the graph and date, whoever asks, and now is never pushed out by dates."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

from kg.network.projection import project
from tests.ingesting import ingest_file, write


def test_now_stays_however_many_dates_are_asked_for_and_the_dates_used_last_stay(graph):
    now = project(graph)
    days = [dt.date(2000 + n, 1, 1) for n in range(9)]
    first = project(graph, days[0])
    for day in days[1:8]:
        project(graph, day)
        assert project(graph, days[0]) is first, "used in between"
    assert project(graph, days[8]) is not None
    assert project(graph, days[0]) is first
    assert project(graph) is now


def test_sessions_that_ask_at_once_get_one_projection_and_a_load_makes_a_new_one(graph, tmp_path):
    before = project(graph)
    ingest_file("table", write(tmp_path, "city1,country1,city2,country2\nLudwigsburg,Germany,Bergamo,Italy\n"), graph)
    with ThreadPoolExecutor(4) as pool:
        found = {id(each) for each in pool.map(lambda _: project(graph), range(8))}
    assert len(found) == 1
    assert id(before) not in found
