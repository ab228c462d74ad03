"""The page of sources is as the descriptors are, and every descriptor says what a reader needs."""

import pytest

from ingest.run import descriptor
from ingest.run.source_docs import FILE, sources_page
from ingest.tabular.mapping import shipped, shipped_mapping


def test_the_page_is_fresh():
    assert FILE.read_text("utf-8") == sources_page(), "run python -m ingest.run.source_docs"


@pytest.mark.parametrize("name", descriptor.names())
def test_every_source_tells_publisher_freshness_and_what_it_is(name):
    told = descriptor.descriptor(name)
    assert all((told.title, told.publisher, told.freshness, told.description))
    assert f"## {name}\n" in sources_page()


@pytest.mark.parametrize("name", shipped())
def test_a_layout_tells_its_columns_and_nothing_about_whose_list_it_is(name):
    told = shipped_mapping(name)
    assert told.description
    assert set(told.header) <= {*told.columns, *told.ignored}, "what a layout is recognised by is used, or ignored by name"
    assert not any((told.title, told.publisher, told.url, told.licence, told.published, told.retrieved))
