"""``docs/sources.md``, made from the descriptors and the shipped mappings: publisher, licence, address, freshness of each.

Write it anew with ``python -m ingest.run.source_docs``.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from ingest.run import descriptor
from ingest.run.descriptor import Descriptor
from ingest.tabular.mapping import End, TableMapping, shipped, shipped_mapping

FILE = Path(__file__).parents[2] / "docs" / "sources.md"
_HEAD = """# Sources

Made by `python -m ingest.run.source_docs` from the descriptors in `ingest/sources` and the mappings in `ingest/mappings`; change
those, not this page. `kg ingest NAME [FILE] [--option OPTION=VALUE]` loads a source, `--dry-run` only reads and reports,
`--strict` loads nothing at all when any row is rejected. Rejected rows are kept with file, line and reason under
`KG_HOME/quarantine`.
"""
_MAPPINGS = """
# Mappings of the source `table`

A table whose header has all the columns of one of these is read by it. For others a mapping is proposed from the words of the
header, shown with the first five rows and taken after a yes (`--yes` in scripts), or given as a TOML file of your own:
`--option mapping=FILE.toml`, with the fields

"""
_FIELDS: Mapping[str, str] = {
    "title, publisher, url, licence, published": "of the list; `published` (2024, 2024-05) dates its statements",
    "trust": "0 to 100, which source counts where two disagree",
    "[first], [second]": "columns of each place: " + ", ".join(f"`{n}`" for n in End.model_fields if n != "in_country")
    + "; `in_country` holds for every row",
    "both, both_separators": "one column with both places instead, and what separates them",
    "several": "what separates several places in a cell, where the gazetteer shall not decide",
    "[[more]]": "further partners in the same row: `second` with its columns, `kind`, `since`, `until`, `status`",
    "kind, default_kind, [kinds]": "column of the kind, what holds without one, words and the kinds they stand for",
    "since, until, status, default_status, [statuses], as_of": "columns of dates and status, and words for statuses",
    "by": "`first` or `second`: whose list it is, where only one side is heard",
    "header": "columns by which the mapping is recognised",
    "partnership": "the column with our own id, in files that we wrote; with `id` of both places and what a status rests on",
    "empty": "what stands in a cell that says nothing",
    "earliest": "the first year that is no slip, 1800 where nothing is said",
    "[ignored]": "columns that are not used, each with the reason",
}  # fmt: skip


def sources_page() -> str:
    """The page as Markdown."""
    described = [line for name in descriptor.names() for line in _source(descriptor.descriptor(name))]
    fields = [f"- {', '.join(f'`{n}`' for n in names.split(', '))}: {what}" for names, what in _FIELDS.items()]
    mappings = [line for name in shipped() for line in _mapping(shipped_mapping(name))]
    return "\n".join([_HEAD, *described]) + _MAPPINGS + "\n".join([*fields, "", *mappings]).rstrip() + "\n"


def _source(source: Descriptor) -> Iterator[str]:
    yield f"## {source.name}\n"
    yield f"{source.title}. {source.description}\n"
    yield from _facts(
        source.publisher, source.licence, source.url, source.published or source.retrieved, source.freshness, source.trust
    )
    yield f"- Rows expected: {source.rows.minimum} to {source.rows.maximum}"
    yield from (f"- Option `{name}`: {what}" for name, what in source.options.items())
    yield from (f"- Column `{column}` is not used: {reason}" for column, reason in source.ignored_columns.items())
    yield from (f"- Corrected where `{c.column}` is {c.value}: {c.reason}" for c in source.corrections)
    yield ""


def _mapping(mapping: TableMapping) -> Iterator[str]:
    yield f"## {mapping.name}\n"
    yield f"{mapping.description}\n"
    yield f"- Recognised by the columns {', '.join(f'`{column}`' for column in mapping.header)}"
    yield from (f"- Column `{column}` is not used: {reason}" for column, reason in mapping.ignored.items())
    yield ""


def _facts(publisher: str, licence: str, url: str, date: str, freshness: str, trust: int) -> Iterator[str]:
    yield f"- Publisher: {publisher}"
    yield f"- Licence: {licence or 'not stated; ask the publisher before passing data on'}"
    yield f"- Address: {f'<{url}>' if url else 'none, a file of your own'}"
    yield f"- Date: {date or 'as the file or the option `published` states'}"
    yield f"- Freshness: {freshness}"
    yield f"- Trust: {trust} of 100"


if __name__ == "__main__":
    FILE.write_text(sources_page(), encoding="utf-8")
