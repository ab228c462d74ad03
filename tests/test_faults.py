"""A load that is cut anywhere and run again gives the graph of an uninterrupted one, and loses nothing it acknowledged.

Some cuts of each sort by default, every boundary with ``make test-all``, as many as asked for in ``benchmarks/faults.py``.
"""

import random
import threading

import pytest

from kg.errors import LoadError
from kg.store.runs import LoadLock, begin_run, load_lock, new_run_id
from tests.cutting_proxy import Plan
from tests.faults import Bench, bench, start
from tests.full_disk import full_disk
from tests.thorough import EVERYTHING

SEED = 20261123
OF_EACH_SORT, AT_RANDOM, SERVER_KILLS = (99, 10, 3) if EVERYTHING else (2, 3, 1)


@pytest.fixture(scope="module")
def cuts(graph_settings, tmp_path_factory):
    with bench(graph_settings, tmp_path_factory.mktemp("faults")) as found:
        yield found


def faults(outcomes):
    return [fault for outcome in outcomes for fault in outcome.faults]


def test_the_sample_has_boundaries_enough(cuts: Bench):
    assert cuts.commits >= 40, f"{cuts.commits} commits, {cuts.bytes} bytes, {cuts.seconds:.2f} s a load"


@pytest.mark.parametrize("part", range(4))
def test_boundaries_are_cut(cuts: Bench, part):
    """Client killed or connection lost, before the server saw the COMMIT or after it: each in turn."""
    boundaries = range(1 + part, cuts.commits + 1, 4)
    chosen = boundaries[:: max(1, len(boundaries) // OF_EACH_SORT)]
    outcomes = [cuts.cut(Plan(commit=number, after=part % 2 == 0), kill_client=part < 2) for number in chosen]
    assert faults(outcomes) == []
    assert all(outcome.hit for outcome in outcomes)
    # A lost connection is taken up again by the same run; a killed client cannot.
    assert {outcome.client for outcome in outcomes} == ({-9} if part < 2 else {0})


def test_cuts_at_random_bytes(cuts: Bench):
    draw = random.Random(SEED)
    plans = [Plan(byte=draw.randrange(1, cuts.bytes)) for _ in range(AT_RANDOM)]
    assert faults([cuts.cut(plan, kill_client=number % 2 == 0) for number, plan in enumerate(plans)]) == []


def test_the_server_is_killed_in_the_middle_of_a_load(cuts: Bench):
    draw = random.Random(SEED)
    commits = draw.sample(range(cuts.commits // 3, cuts.commits), SERVER_KILLS)
    outcomes = [
        cuts.cut(Plan(commit=commit, after=bool(number)), kill_server=True, kill_client=number == 2)
        for number, commit in enumerate(commits)
    ]
    assert faults(outcomes) == []


def test_a_full_disk_ends_in_a_sentence_and_room_lets_the_load_finish(cuts: Bench, tmp_path):
    assert faults([full_disk(cuts, tmp_path)]) == []


def test_of_two_loads_at_once_the_second_is_told_so(cuts: Bench):
    with load_lock(cuts.graph, "first"):
        second = start(cuts.target)
        second.join(120)
    assert second.exitcode == 1
    assert "kg: another load into this database is under way" in cuts.target.log.read_text("utf-8")


def test_a_lock_that_a_cut_lost_is_taken_again_unless_another_load_came_in_between(cuts: Bench):
    run = new_run_id()
    with load_lock(cuts.graph, run) as lock:
        begin_run(cuts.graph, run, "test")
        end_of(lock)
        lock.confirm()
        told = refused_by_another(cuts)
        assert "another load" in told
        end_of(lock)
        with load_lock(cuts.graph, "other"):
            begin_run(cuts.graph, "other", "test")
        with pytest.raises(LoadError, match="another load came in between"):
            lock.confirm()


def end_of(lock: LoadLock) -> None:
    """What a cut does to the transaction that holds the lock."""
    held = lock._transaction
    assert held is not None
    held.rollback()


def refused_by_another(cuts: Bench) -> str:
    told: list[str] = []

    def other() -> None:
        try:
            with load_lock(cuts.graph, "other"):
                pass
        except LoadError as error:
            told.append(str(error))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join(30)
    return told[0]
