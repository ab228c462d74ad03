"""What held on a day and what was known by a day, asked of the bundled facts by commands."""

import json

import pytest


def ties_of(run_bundled, *options):
    document = json.loads(run_bundled("place", "Bergamo", *options, "--format", "json").out)
    return document, {(tie["partner"], tie["kind"]): tie for tie in document["ties"]}


@pytest.mark.parametrize("month", ["2021-03", "2021-03-31"])
def test_what_was_known_in_march_2021(run_bundled, month):
    document, ties = ties_of(run_bundled, "--as-of", month, "--known", month)
    by_status = {tuple(sorted(partner.split(" + "))): tie["status"] for (partner, _), tie in ties.items()}
    assert by_status["Ludwigsburg",] == "planned"
    assert by_status["Mulhouse",] not in {"planned", "proposed", "ended", "rejected"}
    assert by_status["Ludwigsburg", "Mulhouse"] == "proposed"
    assert all((claim["stated"] or claim["seen"]) <= "2021-03-31" for claim in document["claims"])
    assert all((claim["as_of"] or "") <= "2021-03-31" for claim in document["claims"])


def test_what_held_is_told_by_later_sources_too(run_bundled):
    held, ties = ties_of(run_bundled, "--as-of", "2021-03-31")
    known, fewer = ties_of(run_bundled, "--as-of", "2021-03-31", "--known", "2021-03-31")
    ids = [{claim["id"] for claim in document["claims"]} for document in (held, known)]
    assert ids[1] < ids[0]
    assert set(fewer) < set(ties) or set(fewer) == set(ties)


def test_what_was_not_published_was_not_known(run_bundled):
    document, ties = ties_of(run_bundled, "--known", "1990-01-01")
    assert ties == {}
    assert document["claims"] == []


def test_a_known_day_that_is_none_is_a_sentence(run_bundled):
    answer = run_bundled("place", "Bergamo", "--known", "lately")
    assert answer.code == 2
    assert "--known" in answer.err
    assert "lately" in answer.err


def test_the_other_commands_take_both_clocks(run_bundled):
    clocks = ("--as-of", "2021-03-31", "--known", "2021-03-31")
    for command in (
        ("path", "Ludwigsburg", "Mulhouse"),
        ("opportunities", "Ludwigsburg"),
        ("funding", "Bergamo", "Mulhouse"),
        ("measures", "Bergamo"),
    ):
        today, then = (run_bundled(*command, *options, "--format", "json") for options in ((), clocks))
        assert (today.code, then.code) == (0, 0), then.err
        assert today.out != then.out or command[0] == "funding"
