"""What the words of a query ask for, wherever they stand: clauses, procedures and functions by name on lists of what may pass.

``EXPLAIN`` shows no plan for a subquery inside an expression, and the same query has to be safe on a server that somebody
else set up; so the words alone decide here, before any server sees them.
"""

from collections.abc import Iterator, Sequence

from kg.errors import QueryRefused
from kg.store.tokens import Token

PROCEDURES = frozenset(
    {
        "db.labels", "db.propertyKeys", "db.relationshipTypes", "db.schema.nodeTypeProperties", "db.schema.relTypeProperties",
        "db.schema.visualization", "db.index.fulltext.queryNodes", "db.index.fulltext.queryRelationships",
        "db.index.fulltext.listAvailableAnalyzers",
    }
)  # fmt: skip
"""The procedures that a query may call, as the server writes them."""
_KNOWN_PROCEDURES = frozenset(name.lower() for name in PROCEDURES)

# The functions of 5.26 without those that choose a graph (graph.byName, graph.byElementId); and the words of the language
# that stand before a bracket as a function does.
_FUNCTIONS = frozenset(
    """
    abs acos all any asin atan atan2 avg btrim ceil char_length character_length coalesce collect cos cot count date
    date.realtime date.statement date.transaction date.truncate datetime datetime.fromepoch datetime.fromepochmillis
    datetime.realtime datetime.statement datetime.transaction datetime.truncate degrees duration duration.between
    duration.indays duration.inmonths duration.inseconds e elementid endnode exists exp floor haversin head id isempty isnan
    keys labels last left length localdatetime localdatetime.realtime localdatetime.statement localdatetime.transaction
    localdatetime.truncate localtime localtime.realtime localtime.statement localtime.transaction localtime.truncate log log10
    lower ltrim max min nodes none normalize nullif percentilecont percentiledisc pi point point.distance point.withinbbox
    properties radians rand randomuuid range reduce relationships replace reverse right round rtrim sign sin single size split
    sqrt startnode stdev stdevp substring sum tail tan time time.realtime time.statement time.transaction time.truncate
    timestamp toboolean tobooleanlist tobooleanornull tofloat tofloatlist tofloatornull tointeger tointegerlist
    tointegerornull tolower tostring tostringlist tostringornull toupper trim type upper valuetype vector.similarity.cosine
    vector.similarity.euclidean allshortestpaths shortestpath
    """.split()  # noqa: SIM905 - reads better than a hundred quotes
)
_BEFORE_BRACKETS = frozenset(
    """
    and by call case contains distinct ends else group groups in is limit match not offset on or path paths return shortest
    skip starts then unwind when where with xor
    """.split()  # noqa: SIM905
)
_BEGINNINGS = ("match", "optional", "call", "unwind", "with", "return", "show")
_SHOWN = frozenset({"index", "indexes", "constraint", "constraints", "function", "functions", "procedure", "procedures"})
_SHOWN_KINDS = frozenset(
    """
    all built defined exist existence executable fulltext in key lookup node point property range rel relationship text type
    unique uniqueness user vector
    """.split()  # noqa: SIM905
)
_CLAUSES = frozenset(
    "create delete detach drop foreach insert load merge nodetach remove set show terminate use".split()  # noqa: SIM905
)
# After these a word can only be a name: of a property, label, parameter, or variable.
_SIGNS_BEFORE_NAMES = "([.:$,=<>-/^&!|"
_WORDS_BEFORE_NAMES = frozenset(
    {"as", "return", "with", "where", "by", "and", "or", "xor", "not", "in", "contains", "case", "unwind"}
)
_WORDS_BEFORE_EITHER = frozenset({"then", "else", "distinct", "all", "yield"})
_NOTHING = Token("word", "")
_WAY_OUT = "a name that is spelt so stands in backticks"


def check_clauses(tokens: Sequence[Token]) -> None:
    """Look at every word that could begin a clause and at every name that is called.

    Raises:
        QueryRefused: naming the first that is not offered.
    """
    if tokens[0].folded not in _BEGINNINGS:
        words = [word.upper() for word in _BEGINNINGS]
        raise QueryRefused(f"{_said(tokens[0])} is not offered here: begin with {', '.join(words[:-1])} or {words[-1]}")
    for position, token in enumerate(tokens):
        if token.is_sign(";"):
            raise QueryRefused("several queries at once are not offered here: ask one, without a semicolon inside")
        if token.is_sign("("):
            _check_function(tokens, position)
    for position in _clause_words(tokens):
        _check_clause(tokens, position)


def _clause_words(tokens: Sequence[Token]) -> Iterator[int]:
    """The positions of words that are no names because of what stands before them."""
    before, may_be_name = _NOTHING, False
    for position, token in enumerate(tokens):
        is_name = (
            before.is_sign(_SIGNS_BEFORE_NAMES)
            or (before.folded in _WORDS_BEFORE_NAMES and not may_be_name)
            or (before.is_sign("{") and _at(tokens, position + 1).is_sign(":"))
        )
        # A variable called ``in`` or ``where`` says nothing about the word after it.
        may_be_name = is_name or before.is_sign("*+%") or before.folded in _WORDS_BEFORE_NAMES | _WORDS_BEFORE_EITHER
        before = token
        # LOAD CSV is no sequence of names anywhere.
        if token.folded and (not is_name or (token.folded == "load" and _at(tokens, position + 1).folded == "csv")):
            yield position


def _check_clause(tokens: Sequence[Token], position: int) -> None:
    word = tokens[position].folded
    if word == "show" and position == 0:
        _check_show(tokens)
    elif word == "call":
        _check_procedure(tokens, position + 1)
    elif word in _CLAUSES:
        following = _at(tokens, position + 1)
        said = "LOAD CSV" if word == "load" and following.folded == "csv" else word.upper()
        raise QueryRefused(f"{said} is not offered here, where queries only read the graph; {_WAY_OUT}")


def _check_show(tokens: Sequence[Token]) -> None:
    shown = next((token for token in tokens[1:] if token.folded not in _SHOWN_KINDS), tokens[0])
    if shown.folded not in _SHOWN:
        raise QueryRefused("of SHOW only INDEXES, CONSTRAINTS, FUNCTIONS and PROCEDURES are offered here")


def _check_procedure(tokens: Sequence[Token], position: int) -> None:
    if _at(tokens, position).is_sign("({"):
        return
    last = position
    while _at(tokens, last + 1).is_sign("."):
        last += 2
    name = ".".join(token.text for token in tokens[position : last + 1 : 2])
    if name.lower() not in _KNOWN_PROCEDURES:
        raise QueryRefused(f"the procedure {name or 'without a name'} is not among those offered here")


def _check_function(tokens: Sequence[Token], bracket: int) -> None:
    """What is called by a bracket: the names before it that points join, however they are written."""
    first = bracket
    while first and tokens[first - 1].kind in ("word", "quoted"):
        first -= 1
        if not (first and tokens[first - 1].is_sign(".")):
            break
        first -= 1
    called = tokens[first:bracket]
    if not called or (len(called) == 1 and _is_no_call(tokens, first)):
        return
    name = "".join(token.text for token in called)
    if name.lower() not in _FUNCTIONS and name.lower() not in _KNOWN_PROCEDURES:
        raise QueryRefused(f"{name} is not among the functions and procedures that are offered here")


def _is_no_call(tokens: Sequence[Token], position: int) -> bool:
    """A word of the language before a bracket, or the label of a hint: ``USING INDEX p:Place(name)``."""
    if tokens[position].folded in _BEFORE_BRACKETS:
        return True
    hint = [token.folded or token.text for token in tokens[max(position - 4, 0) : position]]
    return hint[-1:] == [":"] and ("index" in hint[-3:-2] or hint[-4:-2] == ["index", "seek"])


def _at(tokens: Sequence[Token], position: int) -> Token:
    return tokens[position] if position < len(tokens) else _NOTHING


def _said(token: Token) -> str:
    return token.text.upper() if token.kind == "word" else f"a beginning with {token.text[:20]}"
