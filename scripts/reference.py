"""The pages of ``docs/`` that are made from the program itself: vocabulary, query library, commands, settings, sources."""

import inspect
from collections.abc import Callable, Iterator, Sequence

from pydantic.fields import FieldInfo
from typer import Context
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from kg.settings import Settings
from kg.store.queries import LibraryQuery, library
from kg.store.schema import schema_statements
from kg.vocabulary import KINDS, LEVELS, NODE_TYPES, PLACE_KINDS, PREDICATES, RELATION_TYPES, STATUSES, Property

MADE = "<!-- Made by scripts/make_docs.py; change what it is made from instead. -->"


def reference_page() -> str:
    """The graph: labels, relationships, kinds, statuses, predicates, indexes, and the query library."""
    return _page("Reference", _sections())


def commands_page(root: TyperGroup) -> str:
    """Every command below ``root`` with its arguments, options and example."""
    parts = [_INTRODUCTION, *(_command(path, command) for path, command in commands_of(root))]
    return _page("Commands", parts)


def settings_page() -> str:
    """Every environment variable."""
    rows = [(f"`{field.alias}`", field.description or "", _default(field)) for field in Settings.model_fields.values()]
    return _page(
        "Settings",
        ["All are environment variables; an empty one counts as not set.", _table(("variable", "meaning", "default"), rows)],
    )


def commands_of(command: object, path: str = "kg") -> Iterator[tuple[str, TyperCommand]]:
    """Every command that does something, with the words that call it."""
    if isinstance(command, TyperGroup):
        for name in sorted(command.commands):
            yield from commands_of(command.commands[name], f"{path} {name}")
    elif isinstance(command, TyperCommand):
        yield path, command


_INTRODUCTION = """
Results go to standard output, as UTF-8 to files and pipes, everything else to standard error. A command ends with 0 when it is
done, 1 when it failed, 2 when it was called wrongly or a setting is wrong, 3 when a limit cut the result, and 70 for a fault of
the program, whose details are then kept in a file under `KG_HOME/logs`, without secrets. In JSON a number that is none (NaN) or
infinite is null. A place may be named in any language, with or without accents, with its country (`"Bergamo, IT"`) or by its
id; a name that is ambiguous or unknown is answered with the candidates. With `--format json` the
keys are those of the columns, and stay as they are.
""".strip()


def _sections() -> Iterator[str]:
    yield "## Labels"
    for node in NODE_TYPES.values():
        also = f" Also: {', '.join(f'`{label}`' for label in node.sublabels)}." if node.sublabels else ""
        yield f"### {node.label}\n\n{node.description}{also}\n\n{_properties(node.properties)}"
    yield "## Relationships"
    for relation in RELATION_TYPES.values():
        ends = f"`({'|'.join(relation.sources)})-[:{relation.type}]->({'|'.join(relation.targets)})`"
        yield f"### {relation.type}\n\n{ends} {relation.description}" + (
            f"\n\n{_properties(relation.properties)}" if relation.properties else ""
        )
    yield from _words()
    yield "## Constraints and indexes\n\n```cypher\n" + "\n".join(f"{s};" for s in schema_statements()) + "\n```"
    yield "## Queries\n\nRun one with `kg query run NAME --set parameter=value`, or paste its file from `queries/`."
    yield from (_query(query) for query in library().values())


def _words() -> Iterator[str]:
    kinds = [(f"`{k.id}`", k.de, k.en, f"`{k.family}`", f"`{k.tie}`", k.description) for k in KINDS.values()]
    yield "## Kinds of partnership\n\n" + _table(("kind", "German", "English", "family", "tie", "meaning"), kinds)
    statuses = [(f"`{s.id}`", s.de, s.en, _yes(s.bridge), _yes(s.in_force), s.description) for s in STATUSES.values()]
    yield "## Statuses\n\n" + _table(("status", "German", "English", "can be a bridge", "in force", "meaning"), statuses)
    yield "## Levels\n\n" + _table(("level", "who"), [(f"`{name}`", who) for name, who in LEVELS.items()])
    yield "## Kinds of place\n\n" + _table(
        ("kind", "label"), [(f"`{kind}`", f"`{label}`") for kind, label in PLACE_KINDS.items()]
    )
    said = [(f"`{p.name}`", p.nature, ", ".join(p.subjects), p.description) for p in PREDICATES.values()]
    yield "## What a claim can say\n\n" + _table(("predicate", "nature", "of", "meaning"), said)


def _query(query: LibraryQuery) -> str:
    parts = [f"### {query.name}", f"{query.title}. {query.description}"]
    if query.params:
        rows = [(f"`{p.name}`", p.type, "" if p.default in (None, "") else f"`{p.default}`", p.text) for p in query.params]
        parts.append(_table(("parameter", "type", "default", "meaning"), rows))
    return "\n\n".join([*parts, _table(("column", "type", "meaning"), [(f"`{c.name}`", c.type, c.text) for c in query.returns])])


def _command(path: str, command: TyperCommand) -> str:
    context = Context(command, info_name=path)
    usage = " ".join(command.collect_usage_pieces(context))
    rows = [row for parameter in command.params for row in _parameter(parameter, context)]
    text, _, example = inspect.cleandoc(command.help or "").partition("Example:")
    parts = [f"## {path}", f"`{path} {usage}`", text.strip()]
    parts += [_table(("argument or option", "meaning"), rows)] if rows else []
    return "\n\n".join([*parts, f"```sh\n{example.strip()}\n```"])


def _parameter(parameter: object, context: Context) -> Iterator[tuple[str, str]]:
    if isinstance(parameter, TyperOption | TyperArgument):
        shown = parameter.get_help_record(context)
        if shown:
            yield f"`{shown[0].strip()}`", " ".join(shown[1].split())


def _default(field: FieldInfo) -> str:
    factory: Callable[..., object] | None = field.default_factory
    if factory is not None:
        return "the platform's folder for it"
    value = field.get_default()
    text = value.get_secret_value() if hasattr(value, "get_secret_value") else value
    return "" if text in ("", None) else f"`{str(text).lower() if isinstance(text, bool) else text}`"


def _properties(properties: Sequence[Property]) -> str:
    return _table(("property", "type", "meaning"), [(f"`{p.name}`", p.type, p.description) for p in properties])


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines)


def _page(title: str, parts: Sequence[str] | Iterator[str]) -> str:
    return "\n\n".join([f"# {title}", MADE, *parts]) + "\n"
