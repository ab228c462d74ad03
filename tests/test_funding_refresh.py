"""The portal's answer: what is asked, what is kept, what changes, and every way in which it can go wrong."""

import datetime as dt
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.cli import main
from kg.errors import DataError, PortalSilent
from kg.network.funding import kept, portal
from kg.network.funding.calls import when
from kg.network.funding.catalogue import programmes, shipped, stamp_of, with_own
from kg.network.funding.portal import Reply, Topic
from kg.settings import settings
from tests.funding_portal import Handler, Misdeed, Portal, send, standing_in, topic

TODAY = dt.date(2026, 11, 25)
TT, NT = "CERV-2027-CITIZENS-TOWN-TT", "CERV-2027-CITIZENS-TOWN-NT"
RESULTS = (
    topic("CERV-2026-CITIZENS-TOWN-TT", "2026-03-01", "2026-09-23"),
    topic(TT, "2027-02-16", "2027-09-22"),
    topic(NT, "2026-11-20", "2027-04-15"),
)


def _ask(results: tuple[object, ...] = RESULTS, misdeed: Misdeed | None = None, seconds: float = 5.0) -> Reply:
    with standing_in(Portal(results, misdeed)) as there:
        return portal.ask(there.address, (TT, NT, "CERV-2026-CITIZENS-TOWN-TT"), seconds)


def test_it_asks_as_the_portal_wants_to_be_asked() -> None:
    with standing_in(Portal(RESULTS)) as there:
        portal.ask(there.address, (TT, NT))
    (asked,) = there.asked
    assert asked["address"] == {"apiKey": ["SEDIA"], "text": ["***"], "pageSize": ["100"], "pageNumber": ["1"]}
    assert asked["query"] == {"bool": {"must": [{"terms": {"type": ["1"]}}, {"terms": {"identifier": sorted((TT, NT))}}]}}
    assert asked["languages"] == ["en"]


def test_identifiers_are_those_of_three_years() -> None:
    assert portal.identifiers(["CERV-*-CITIZENS-TOWN-TT"], TODAY) == tuple(
        f"CERV-{year}-CITIZENS-TOWN-TT" for year in (2025, 2026, 2027)
    )


def test_the_calls_are_read_with_their_days() -> None:
    reply = _ask()
    assert reply.topics == (
        Topic("CERV-2026-CITIZENS-TOWN-TT", "2026-03-01", "2026-09-23"),
        Topic(NT, "2026-11-20", "2027-04-15"),
        Topic(TT, "2027-02-16", "2027-09-22"),
    )
    assert not reply.problems


# ---------------------------------------------------------------------------------------------------------- what is kept


def test_an_answer_is_kept_and_makes_a_call_open_or_announced(tmp_path: Path) -> None:
    before = shipped().programmes
    kept.keep(tmp_path, "http://portal.example/", TODAY, _ask())
    rules = {rule.id: rule for rule in with_own(tmp_path, stamp_of(tmp_path)).programmes}
    twinning, networks = (when(rules[name].calendar, TODAY) for name in ("cerv_town_twinning", "cerv_networks_of_towns"))
    assert (twinning.state, twinning.by, twinning.date) == ("expected", "announced", "2027-02-16")
    assert (networks.state, networks.date) == ("open", "2027-04-15")
    assert networks.call is not None
    assert networks.call.seen.url.endswith(NT)
    assert networks.call.seen.on == "2026-11-25"
    assert [call.name for call in rules["cerv_town_twinning"].calendar.calls] == [
        "2024", "2025", "CERV-2026-CITIZENS-TOWN-TT", TT,
    ]  # fmt: skip
    assert rules["buergerfonds"] == next(rule for rule in before if rule.id == "buergerfonds")


def test_what_changed_is_told_once(tmp_path: Path) -> None:
    first = kept.changes(shipped().programmes, _ask())
    assert [(each.programme, each.what, each.call) for each in first] == [
        ("cerv_town_twinning", "moved", "CERV-2026-CITIZENS-TOWN-TT"),
        ("cerv_networks_of_towns", "new", NT),
        ("cerv_town_twinning", "new", TT),
    ]
    assert first[0].before == " – 2026-09-23"
    kept.keep(tmp_path, "http://portal.example/", TODAY, _ask())
    rules = with_own(tmp_path, stamp_of(tmp_path)).programmes
    assert kept.changes(rules, _ask()) == []
    moved = _ask((topic(TT, "2027-02-16", "2027-10-01"),))
    assert [(each.what, each.closes, each.before) for each in kept.changes(rules, moved)] == [
        ("moved", "2027-10-01", "2027-02-16 – 2027-09-22")
    ]


def test_what_the_portal_names_no_longer_is_kept_with_its_day(tmp_path: Path) -> None:
    kept.keep(tmp_path, "http://portal.example/", TODAY, _ask())
    kept.keep(tmp_path, "http://portal.example/", dt.date(2027, 1, 1), _ask((topic(TT, "2027-02-16", "2027-09-22"),)))
    days = {name: call.seen.on for name, call in kept.kept_calls(tmp_path).items()}
    assert days == {TT: "2027-01-01", NT: "2026-11-25", "CERV-2026-CITIZENS-TOWN-TT": "2026-11-25"}
    assert [path.name for path in tmp_path.iterdir()] == ["portal.json"]


WRONG_DAY = '{"asked": "2026-11-25", "address": "x", "topics": {"A": {"opens": "soon", "closes": "", "on": "2026-11-25"}}}'


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", WRONG_DAY, '{"asked": 1, "address": "x", "topics": {}}', "\0" * 100,
     '{"asked": "x", "address": "x", "topics": {}, "more": 1}'],
)  # fmt: skip
def test_a_broken_file_is_named_with_the_way_out(tmp_path: Path, text: str) -> None:
    (tmp_path / "portal.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"portal\.json is not what `kg funding refresh` wrote .*; delete it and run that again"):
        kept.kept_calls(tmp_path)


# ------------------------------------------------------------------------------------------------- a portal that misbehaves


def no_json(handler: Handler, _: bytes) -> None:
    send(handler, b"<html>We will be back soon</html>")


def half_json(handler: Handler, body: bytes) -> None:
    send(handler, body[: len(body) // 2])


def deep_json(handler: Handler, _: bytes) -> None:
    send(handler, b"[" * 200_000)


def another_shape(handler: Handler, _: bytes) -> None:
    send(handler, b'{"hits": {"hits": []}}')


def a_list(handler: Handler, _: bytes) -> None:
    send(handler, b"[]")


def results_as_text(handler: Handler, _: bytes) -> None:
    send(handler, b'{"results": "none"}')


def fails(handler: Handler, _: bytes) -> None:
    send(handler, b"java.lang.OutOfMemoryError", 500)


def not_allowed(handler: Handler, _: bytes) -> None:
    send(handler, b"", 405)


def redirects(handler: Handler, _: bytes) -> None:
    send(handler, b"", 302, Location="http://127.0.0.1:1/elsewhere")


def to_a_file(handler: Handler, _: bytes) -> None:
    send(handler, b"", 307, Location="file:///etc/passwd")


def huge(handler: Handler, _: bytes) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _number in range(80):
        handler.wfile.write(b" " * 2**18)


def silent(_: Handler, __: bytes) -> None:
    time.sleep(0.6)


def breaks_off(handler: Handler, body: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[:10])


def false_gzip(handler: Handler, body: bytes) -> None:
    send(handler, body, 200, **{"Content-Encoding": "gzip"})


@pytest.mark.parametrize(
    ("misdeed", "reason"),
    [(no_json, "no JSON"), (half_json, "no JSON"), (deep_json, "no JSON"), (another_shape, "no list of results"),
     (a_list, "no list of results"), (results_as_text, "no list of results"), (fails, "status 500"), (not_allowed, "status 405"),
     (redirects, "which was not followed"), (to_a_file, "which was not followed"), (huge, "more than 8 MiB"), (silent, ""),
     (breaks_off, ""), (false_gzip, "")],
)  # fmt: skip
def test_a_portal_that_misbehaves_is_a_sentence(misdeed: Misdeed, reason: str) -> None:
    with pytest.raises(PortalSilent) as caught:
        _ask(misdeed=misdeed, seconds=0.3)
    assert reason in str(caught.value)
    assert "The calls on record stay as they are" in str(caught.value)


def test_one_that_never_ends_is_left_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    def drips(handler: Handler, _: bytes) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _number in range(100):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)

    monkeypatch.setattr(portal, "_WHOLE_SECONDS", 0.3)
    with pytest.raises(PortalSilent, match=r"no whole answer in 0\.3 s"):
        _ask(misdeed=drips, seconds=1)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("text", "result 1: it has no metadata"),
        ({"metadata": []}, "result 1: it has no metadata"),
        ({"metadata": {}}, "result 1: it has no identifier"),
        ({"metadata": {"identifier": [7]}}, "result 1: it has no identifier"),
        (topic(TT), f"result 1: {TT} has no dates"),
        (topic(TT, closes="2027-02-30"), f"result 1: {TT} has a date that is none"),
        (topic(TT, closes="2027-09-22", startDate=["tomorrow"]), f"result 1: {TT} has a date that is none"),
        (topic(TT, "2027-09-22", "2027-02-16"), f"result 1: {TT} closes (2027-02-16) before it opens (2027-09-22)"),
    ],
)
def test_a_result_that_cannot_be_taken_is_told_and_the_others_are(row: object, told: str) -> None:
    reply = _ask((row, topic(NT, "2026-11-20", "2027-04-15")))
    assert reply.problems == (told,)
    assert [each.identifier for each in reply.topics] == [NT]


def test_what_was_not_asked_for_and_doubles_do_no_harm() -> None:
    other = {**topic("HORIZON-2027-X", "2027-01-01", "2027-02-01"), "reference": TT}
    draft = {**topic(TT, closes="2027-09-22"), "reference": TT}
    reply = _ask((other, draft, topic(TT, "2027-02-16", "2027-09-22"), draft))
    assert reply == Reply((Topic(TT, "2027-02-16", "2027-09-22"),), ())


def test_values_may_stand_without_their_list() -> None:
    row: dict[str, Any] = {"metadata": {"identifier": TT, "startDate": "2027-02-16", "deadlineDate": "2027-09-22T17:00:00.000Z"}}
    assert _ask((row,)).topics == (Topic(TT, "2027-02-16", "2027-09-22"),)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8) | st.just(TT) | st.just("2027-09-22"),
    lambda each: (
        st.lists(each, max_size=3)
        | st.dictionaries(
            st.sampled_from(["results", "metadata", "identifier", "startDate", "deadlineDate", "x"]), each, max_size=4
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_json_is_an_answer_or_a_sentence(document: object) -> None:
    try:
        reply = portal.understood("http://portal.example/", json.dumps(document).encode(), frozenset({TT}))
    except PortalSilent:
        return
    for each in reply.topics:
        assert each.identifier == TT
        assert each.as_call("2026-11-25").due


# -------------------------------------------------------------------------------------------------------------- the command


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KG_HOME", str(tmp_path))
    settings.cache_clear()
    return tmp_path


def _run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["kg", *words])
    with pytest.raises(SystemExit) as ended:
        main.main()
    return int(ended.value.code or 0)


def test_the_command_keeps_the_answer_and_tells_what_changed(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    this, next_ = dt.date.today().year, dt.date.today().year + 1
    name = f"CERV-{next_}-CITIZENS-TOWN-TT"
    results = (topic(name, f"{next_}-02-16", f"{next_}-09-22"), topic(f"CERV-{this}-CITIZENS-TOWN-NT"))
    with standing_in(Portal(results)) as there:
        monkeypatch.setenv("KG_FUNDING_PORTAL", there.address)
        settings.cache_clear()
        assert _run(monkeypatch, "funding", "refresh", "--format", "json") == 0
        told = capsys.readouterr()
        assert [row["call"] for row in json.loads(told.out)] == [name]
        assert f"left out: result 2: CERV-{this}-CITIZENS-TOWN-NT has no dates" in told.err
        assert (home / "funding" / "portal.json").exists()
        assert name in [call.name for rule in programmes() for call in rule.calendar.calls]
        assert _run(monkeypatch, "funding", "refresh", "--format", "json") == 0
        assert json.loads(capsys.readouterr().out) == []


def test_without_a_connection_the_command_says_so_and_keeps_what_it_had(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KG_FUNDING_PORTAL", "http://127.0.0.1:9/search")
    settings.cache_clear()
    assert _run(monkeypatch, "funding", "refresh") == 1
    told = capsys.readouterr().err
    assert told.startswith("kg: The EU's Funding and Tenders Portal gives no usable answer at http://127.0.0.1:9/search")
    assert "Traceback" not in told
    assert not (home / "funding").exists()


@pytest.mark.parametrize("address", ["ftp://portal.example", "portal", "https://me:secret@portal.example/"])
def test_an_address_that_cannot_be_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    monkeypatch.setenv("KG_FUNDING_PORTAL", address)
    settings.cache_clear()
    assert _run(monkeypatch, "funding", "refresh") == 2
    told = capsys.readouterr().err
    assert told.startswith("kg: KG_FUNDING_PORTAL=")
    assert "secret" not in told
