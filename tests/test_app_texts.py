"""The catalogue is complete and used, and what comes from data stays plain text."""

import re
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.present.texts import LANGUAGES, catalogue
from kg.present.texts.markdown import escape, link
from kg.present.texts.words import locator_words
from kg.store.queries import library
from kg.vocabulary import EVENT_KINDS, LEVELS, PLACE_KINDS, PLACE_LABELS, PREDICATES
from tests.browser import ROOT

CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(chain(ROOT.glob("kg/**/*.py"), ROOT.glob("ingest/**/*.py"))))
_LITERAL = re.compile(r"""["']([a-z0-9]+\.[A-Za-z0-9_-]+)["']""")
# Keys that are put together, such as t(f"view.{name}", …): whatever fits the pattern counts as used.
_FORMED = re.findall(r"""f["']([a-z0-9]+\.(?:[A-Za-z0-9_-]|\{[^{}]*\})*\{[^{}]*\}(?:[A-Za-z0-9_-]|\{[^{}]*\})*)["']""", CODE)
_BUILT = [re.compile("[A-Za-z0-9_-]+".join(re.escape(part) for part in re.split(r"\{[^{}]*\}", key))) for key in _FORMED]


def test_every_text_is_there_in_both_languages() -> None:
    empty = [key for key, texts in catalogue().items() if set(texts) != set(LANGUAGES) or not all(texts.values())]
    assert empty == []


def test_both_languages_have_the_same_fields() -> None:
    def fields(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", text))

    assert [key for key, texts in catalogue().items() if fields(texts["de"]) != fields(texts["en"])] == []


def test_every_text_is_used() -> None:
    literal = set(_LITERAL.findall(CODE))
    unused = [key for key in catalogue() if key not in literal and not any(pattern.fullmatch(key) for pattern in _BUILT)]
    # Words of closed lists are looked up by group and name, and the next tests hold them to the vocabulary.
    groups = set(re.findall(r"""word\(["']([a-z]+)["']""", CODE)) | {"level", "run", "event", "predicate"}
    assert [key for key in unused if key.split(".")[0] not in groups | {"queries", "sources"}] == []


def test_words_of_closed_lists_match_the_vocabulary() -> None:
    def keys(group: str) -> set[str]:
        return {key.removeprefix(group + ".") for key in catalogue() if key.startswith(group + ".")}

    assert keys("place") == set(PLACE_KINDS)
    assert keys("group") == set(PLACE_LABELS)
    assert keys("level") == set(LEVELS)
    assert keys("event") == set(EVENT_KINDS)
    assert keys("predicate") == set(PREDICATES)


def test_queries_have_titles_and_columns_in_both_languages() -> None:
    shown = {name.removesuffix("_de").removesuffix("_en") for query in library().values() for name in query.columns}
    told = {key.removeprefix("column.") for key in catalogue() if key.startswith("column.")}
    assert {name for name in shown if not name.endswith("_id")} - {"partnership", "subject"} - told == set()
    assert {f"query.{what}_{name}" for name in library() for what in ("title", "text")} - catalogue().keys() == set()
    assert {f"query.param_{p.name}" for query in library().values() for p in query.params} - catalogue().keys() == set()


@pytest.mark.parametrize(
    ("locator", "german"),
    [
        ("paragraphs 1, 3-4", "Absätze 1, 3-4"),
        ("first and third paragraph", "1. und 3. Absatz"),
        ("list of the eleven pairs", "Liste der elf Paare"),
        ("section Potters Bar", "Abschnitt Potters Bar"),
        ("list, entry 2022", "Liste, Eintrag 2022"),
        ("purpose of the journey", "purpose of the journey"),
        ("first paragraphs", "first paragraphs"),
        ("", ""),
    ],
)
def test_a_place_in_a_source_is_german_where_every_word_is_known(locator: str, german: str) -> None:
    assert locator_words(locator, "de") == german
    assert locator_words(locator, "en") == locator


@given(st.text())
def test_escaped_text_is_one_line_without_meaning(text: str) -> None:
    told = escape(text).replace("\u2060", "")
    assert told.isprintable() or told == ""
    assert not re.search(r"(?<!\\)(?:\\\\)*[<>\[\]*_`$:~#|!]", told)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", "data:text/html,x", "http://", "ftp://a/b", "http://[x"])
def test_only_addresses_of_the_web_become_links(url: str) -> None:
    assert link("a", url) == "a"


def test_an_address_cannot_leave_its_brackets() -> None:
    assert (
        link("a](b", "https://example.org/a) [x](https://b c") == "[a\\]\\(b](https://example.org/a%29%20%5Bx%5D%28https://b%20c)"
    )
