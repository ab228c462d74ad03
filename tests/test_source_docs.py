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
def test_every_mapping_tells_publisher_address_and_freshness(name):
    told = shipped_mapping(name)
    assert all((told.title, told.publisher, told.url, told.freshness, told.description, told.header))
    assert told.licence or name == "rgre", "the German section states none"
    assert set(told.header) <= set(told.columns)
