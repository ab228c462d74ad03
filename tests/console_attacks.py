"""Hostile queries for the console, made of payloads, the places where they hide and the ways in which they are spelt."""

from collections.abc import Callable

CANARY = "canary-7f3a91"

HIDING_PLACES = {
    "list comprehension": "RETURN [i IN [1] | COLLECT { # }] AS x",
    "filter of a list": "RETURN [i IN [1] WHERE EXISTS { # }] AS x",
    "case": "RETURN CASE WHEN true THEN COLLECT { # } END AS x",
    "condition of a case": "RETURN CASE WHEN EXISTS { # } THEN 1 ELSE 2 END AS x",
    "reduce": "RETURN reduce(a = 0, i IN COLLECT { # } | a) AS x",
    "all": "RETURN all(i IN COLLECT { # } WHERE true) AS x",
    "any": "MATCH (n) WHERE any(i IN COLLECT { # } WHERE i = 1) RETURN n",
    "none": "RETURN none(i IN [1] WHERE EXISTS { # }) AS x",
    "single": "RETURN single(i IN COLLECT { # } WHERE true) AS x",
    "property of a node": "MATCH (n {name: COLLECT { # }[0]}) RETURN n",
    "property of a tie": "MATCH (a)-[r {key: COLLECT { # }[0]}]->() RETURN r",
    "count": "RETURN COUNT { # } AS x",
    "exists": "MATCH (n) WHERE EXISTS { # } RETURN n",
    "negation": "MATCH (n) WHERE NOT EXISTS { # } RETURN n",
    "subquery": "CALL () { # } RETURN 1",
    "old subquery": "CALL { # } RETURN 1",
    "subquery with variables": "MATCH (n) CALL (n) { # } RETURN 1",
    "second half of a union": "RETURN 1 AS l UNION #",
    "second half of a union of all": "RETURN 1 AS l UNION ALL #",
    "with": "WITH COLLECT { # } AS x RETURN x",
    "unwind": "UNWIND COLLECT { # } AS x RETURN x",
    "map": "RETURN {a: COLLECT { # }} AS x",
    "map projection": "MATCH (n) RETURN n {.name, x: COLLECT { # }} AS x",
    "order": "MATCH (n) RETURN n ORDER BY COLLECT { # }",
    "skip": "RETURN 1 AS x SKIP size(COLLECT { # })",
    "limit": "RETURN 1 AS x LIMIT size(COLLECT { # })",
    "nested": "RETURN COLLECT { RETURN COLLECT { RETURN COLLECT { # } AS c } AS b } AS a",
    "argument": "RETURN coalesce(null, COLLECT { # }) AS x",
    "pattern comprehension": "RETURN [(a)-->(b) WHERE EXISTS { # } | 1] AS x",
    "repeated pattern": "MATCH p = (a)((b)-->(c) WHERE EXISTS { # }){1,2}(d) RETURN p",
    "argument of a procedure": "CALL db.index.fulltext.queryNodes('words_of_names', COLLECT { # }[0]) YIELD node RETURN node",
    "condition of a yield": "CALL db.labels() YIELD label WHERE EXISTS { # } RETURN label",
    "index of a list": "RETURN [1, 2][COUNT { # }] AS x",
    "after a clause": "MATCH (n) WITH n #",
}
PAYLOADS = {
    "file": f"LOAD CSV FROM 'file:///tmp/{CANARY}' AS l RETURN l",
    "address": "LOAD CSV WITH HEADERS FROM 'http://127.0.0.1:PORT/x' AS l RETURN l",
    "procedure": "CALL dbms.listConfig() YIELD name RETURN name AS l",
    "another graph": "USE system MATCH (n) RETURN n AS l",
    "plug-in": "RETURN apoc.load.json('http://127.0.0.1:PORT/') AS l",
}
_SPACED = "".join(
    ["\u00a0", "\u1680", "\u2003", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\x0b", "\x0c", "\x1c", "\x1f"]
)


def _between(blank: str) -> Callable[[str], str]:
    return lambda text: text.replace(" ", blank)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "lower case": lambda text: text.replace("LOAD CSV", "load csv").replace("CALL", "call").replace("USE", "use"),
    "mixed case": lambda text: text.replace("LOAD CSV", "LoAd cSv").replace("CALL", "cAlL").replace("USE", "uSe"),
    "comments between words": _between("/* ' \" ` */"),
    "empty comments": _between("/**/"),
    "comment of a slash": _between(" /*/ */ "),
    "remarks to the end of the line": _between(" // '\n"),
    "remarks that end with a return": _between(' // "\r'),
    "rare blanks": _between(_SPACED),
    "escaped blanks": _between("\\u0020"),
    "escaped line ends": _between("\\u000a"),
    "escaped letters": lambda text: text.replace("L", "\\u004C").replace("CALL", "\\u0043ALL").replace("U", "\\u0055"),
    "escaped small letters": lambda text: text.lower().replace("a", "\\u0061").replace("s", "\\u0073"),
    "escaped comments": _between("\\u002f\\u002a ' \\u002a\\u002f"),
    "escaped twice": lambda text: text.replace("A", "\\u005cu0041").replace("U", "\\u005cu0055"),
    "backticks and points apart": lambda text: text.replace("dbms.listConfig", "`dbms` /* . */ . `listConfig`").replace(
        "apoc.load.json", "`apoc`.`load` . json"
    ),
    "name of the whole in backticks": lambda text: text.replace("dbms.listConfig", "`dbms.listConfig`").replace(
        "apoc.load.json", "`apoc.load.json`"
    ),
    "a string before it": lambda text: text if text.startswith("USE") else f"WITH '\\\\' AS q, \"it's\" AS r, `'`.x AS s {text}",
    "a variable called like a word": lambda text: f"WITH 1 AS in WITH 2 * in AS where, in {text}",
    "no blanks": lambda text: text.replace(" FROM '", " FROM'").replace("' AS", "'AS"),
}
_ALONE = (
    "RETURN '\\u0027 LOAD CSV FROM \\u0027file:///x' AS l RETURN l //'",
    "RETURN 1.5LOAD CSV FROM 'file:///x' AS l RETURN l",
    "RETURN 0x1FLOAD CSV FROM 'file:///x' AS l RETURN l",
    "RETURN `a` LOAD CSV FROM 'file:///x' AS l RETURN l",
    "RETURN n.LOAD CSV FROM 'file:///x' AS l RETURN l",
    "RETURN 1 AS LOAD CSV FROM 'file:///x' AS l RETURN l",
    "RETURN 1 // \u2028 '\n LOAD CSV FROM 'file:///x' AS l RETURN l // '",
    "RETURN 1 /* */ /* */ LOAD /* CSV */ CSV FROM 'file:///x' AS l RETURN l",
    "RETURN 'a\nb' LOAD\tCSV FROM 'file:///x' AS l RETURN l",
    "RETURN 'unended",
    'RETURN "unended',
    "RETURN `unended",
    "RETURN 1 /* unended",
    "RETURN '\\",
    "RETURN 1 \u200b LOAD CSV FROM 'file:///x' AS l RETURN l",
    "RETURN LOAD\u00adCSV",
    "RETURN 1\x00",
    "RETURN \ud800",
    "RETURN '\\ud800'",
    "RETURN '\\u12'",
    "RETURN '\udcff'",
    "MATCH (n) WHERE n:% USE system RETURN n",
    "RETURN *; CALL dbms.listConfig()",
    "WITH * CALL dbms.listConfig() YIELD name RETURN name",
    "MATCH (n) WITH n { .* } AS n CALL dbms.listConfig() YIELD name RETURN name",
    "CALL dbms.listConfig",
    "CALL",
    "CALL 'x'",
    "CALL dbms . ",
    "OPTIONAL CALL dbms.listConfig() YIELD name RETURN name",
    "RETURN graph.byName('system')",
    "RETURN file(), linenumber()",
    "RETURN toﬁoat(1)",
    "SHOW ALL USERS",
    "SHOW FUNCTIONS YIELD name SHOW TRANSACTIONS YIELD metaData RETURN name",
    "SHOW HOME DATABASE",
    "SHOW SERVERS",
    "SHOW POPULATED ROLES",
    "SHOW SUPPORTED PRIVILEGES",
    "(RETURN 1)",
    "{RETURN 1}",
    "FINISH",
    "RETURN " + "NOT " * 500 + "true",
    "RETURN " + "CASE WHEN true THEN " * 200 + "1" + " END" * 200,
    "RETURN " + "+".join(["1"] * 9000),
)


def hidden(port: int) -> dict[str, list[str]]:
    """Every payload in every place by the place, in every spelling by the spelling, and those that stand alone."""

    def at(payload: str) -> str:
        return payload.replace("PORT", str(port))

    places = {name: [place.replace("#", at(payload)) for payload in PAYLOADS.values()] for name, place in HIDING_PLACES.items()}
    in_two = (HIDING_PLACES["list comprehension"], HIDING_PLACES["second half of a union"])
    spelt = {
        name: [place.replace("#", spelling(at(payload))) for payload in PAYLOADS.values() for place in in_two]
        for name, spelling in SPELLINGS.items()
    }
    return {**places, **spelt, "alone": list(_ALONE)}
