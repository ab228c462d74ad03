"""The statements that load the graph, made once from the vocabulary's names; values only ever travel as parameters."""

from typing import LiteralString

from kg.vocabulary import NODE_TYPES, PLACE_LABELS, RELATION_TYPES, TIE_TYPES

# Rows are lists, which the driver packs twice as fast as maps.
_NODES = "UNWIND $rows AS row MERGE (n:LABEL {id: row[0]}) SET n = row[1] SET n:SUBLABEL REMOVE n:OTHERS"
_PLAIN_NODES = "UNWIND $rows AS row MERGE (n:LABEL {id: row[0]}) SET n = row[1]"
# A unit has read what is there before it writes, under the one load lock, so what is new is created: MERGE would search the
# relationships of a source with a hundred thousand claims each time. The unique constraints hold against mistakes.
_NEW_CLAIMS = """
UNWIND $rows AS row
MATCH (subject:LABEL {id: row[0]})
MATCH (source:Source {id: row[1]})
CREATE (claim:Claim)
SET claim = row[2], claim.first_run = $run, claim.last_run = $run
CREATE (claim)-[:ABOUT]->(subject)
CREATE (claim)-[:STATED_IN]->(source)
"""
_FORGET = "UNWIND $rows AS id MATCH (n:LABEL {id: id}) DETACH DELETE n"
_UNRELATE = "UNWIND $rows AS id MATCH (:LABEL {id: id})-[r:TYPES]->() DELETE r"
_UNRELATE_IN = "UNWIND $rows AS id MATCH (:LABEL {id: id})<-[r:TYPES]-() DELETE r"
_RELATE = "UNWIND $rows AS row MATCH (a:FROM {id: row[0]}) MATCH (b:TO {id: row[1]}) MERGE (a)-[r:TYPE]->(b) SET r = row[2]"
# A person may have held two roles at one place: the role tells the relationships apart.
_HOLD = (
    "UNWIND $rows AS row MATCH (a:FROM {id: row[0]}) MATCH (b:TO {id: row[1]}) "
    "MERGE (a)-[r:TYPE {role: row[2].role}]->(b) SET r = row[2]"
)
_NEW_RELATE = "UNWIND $rows AS row MATCH (a:FROM {id: row[0]}) MATCH (b:TO {id: row[1]}) CREATE (a)-[r:TYPE]->(b) SET r = row[2]"
_NEW_TIES = (
    "UNWIND $rows AS row MATCH (a:Place {id: row[1]}) MATCH (b:Place {id: row[2]}) CREATE (a)-[t:TYPE]->(b) SET t = row[3]"
)
_TIES = (
    "UNWIND $rows AS row MATCH (a:Place {id: row[1]}) MATCH (b:Place {id: row[2]}) "
    "MERGE (a)-[t:TYPE {key: row[0]}]->(b) SET t = row[3]"
)
_UNTIE = "UNWIND $rows AS row MATCH (a)-[t:TYPE {key: row[0]}]->() WHERE a.id <> row[1] DELETE t"

_LABELS: tuple[LiteralString, ...] = tuple(node.label for node in NODE_TYPES.values())


def _place_statement(sublabel: LiteralString) -> LiteralString:
    others = ":".join(label for label in PLACE_LABELS if label != sublabel)
    return _NODES.replace("SUBLABEL", sublabel).replace("OTHERS", others).replace("LABEL", "Place")


NODES: dict[str, LiteralString] = {
    **{label: _PLAIN_NODES.replace("LABEL", label) for label in _LABELS if label != "Place"},
    **{sublabel: _place_statement(sublabel) for sublabel in PLACE_LABELS},
}
"""Write nodes by label (places by sublabel); rows of [id, properties]."""

NEW_CLAIMS: dict[str, LiteralString] = {label: _NEW_CLAIMS.replace("LABEL", label) for label in _LABELS}
"""Write claims that are not there yet, by the label of their subject; rows of [subject, source, properties]; parameter run."""

RESTORED_CLAIMS: dict[str, LiteralString] = {
    label: _NEW_CLAIMS.replace(", claim.first_run = $run, claim.last_run = $run", "").replace("LABEL", label) for label in _LABELS
}
"""As ``NEW_CLAIMS``, with the runs that the properties name."""

CHANGED_CLAIMS: LiteralString = "UNWIND $rows AS row MATCH (claim:Claim {id: row.id}) SET claim += row, claim.last_run = $run"
"""Write what changed in claims: never their subject or source, which are part of their id; rows of properties; parameter run."""

FORGET: dict[str, LiteralString] = {label: _FORGET.replace("LABEL", label) for label in _LABELS}
"""Delete nodes with their relationships by label; rows of ids."""

_OUTGOING: dict[LiteralString, LiteralString] = {
    "Place": "PART_OF|MEMBER_OF", "Organisation": "BASED_IN|SUPPORTS", "Person": "HOLDS",
    "Event": "UNDER|HAS_TOPIC", "Partnership": "HAS_TOPIC",
}  # fmt: skip
UNRELATE: dict[str, tuple[LiteralString, ...]] = {
    **{label: (_UNRELATE.replace("LABEL", label).replace("TYPES", types),) for label, types in _OUTGOING.items()},
    "Event": (
        _UNRELATE.replace("LABEL", "Event").replace("TYPES", _OUTGOING["Event"]),
        _UNRELATE_IN.replace("LABEL", "Event").replace("TYPES", "TOOK_PART_IN"),
    ),
}
"""Remove the relationships that a subject's own claims made, by the subject's label; rows of ids."""

_ENDS: tuple[tuple[LiteralString, LiteralString, LiteralString], ...] = tuple(
    (relation.type, source, target)
    for relation in RELATION_TYPES.values()
    if not relation.derived
    for source in _LABELS
    for target in _LABELS
    if source in relation.sources and target in relation.targets
)
RELATE: dict[tuple[str, str, str], LiteralString] = {
    (type_, source, target): (_HOLD if type_ == "HOLDS" else _RELATE)
    .replace("FROM", source)
    .replace("TO", target)
    .replace("TYPE", type_)
    for type_, source, target in _ENDS
}
"""Write relationships by (type, label of start, label of end); rows of [start, end, properties]."""

NEW_RELATE: dict[tuple[str, str, str], LiteralString] = {
    (type_, source, target): _NEW_RELATE.replace("FROM", source).replace("TO", target).replace("TYPE", type_)
    for type_, source, target in _ENDS
}
"""As ``RELATE``, for the relationships of subjects that are not there yet."""

NEW_TIES: dict[str, LiteralString] = {type_: _NEW_TIES.replace("TYPE", type_) for type_ in TIE_TYPES}
"""As ``TIES``, for partnerships that are not there yet."""

TIES: dict[str, LiteralString] = {type_: _TIES.replace("TYPE", type_) for type_ in TIE_TYPES}
"""Write derived pair ties by type; rows of [key, smaller id, larger id, properties]."""

UNTIE: dict[str, LiteralString] = {type_: _UNTIE.replace("TYPE", type_) for type_ in TIE_TYPES}
"""Delete derived pair ties by type but for one that is kept; rows of [key, id of the start that is kept, or empty]."""

CONFIRM: LiteralString = "UNWIND $rows AS id MATCH (c:Claim {id: id}) SET c.last_run = $run"
"""Note that a run stated claims again; rows of ids; parameter run."""

DUE: LiteralString = "MATCH (p:Partnership) WHERE p.due <= $today RETURN p.id AS subject"
"""Partnerships of which a beginning or an end has come since they were merged; parameter today."""

CLAIMS_OF: LiteralString = """
UNWIND $rows AS id
MATCH (c:Claim {subject: id})-[:STATED_IN]->(s:Source)
USING INDEX c:Claim(subject)
RETURN collect(c.id) AS id, collect(s.id) AS source, collect(c.subject) AS subject, collect(c.predicate) AS predicate,
       collect(c.value) AS value, collect(coalesce(c.locator, '')) AS locator,
       collect(coalesce(c.qualifier, '')) AS qualifier, collect(coalesce(c.as_of, '')) AS as_of,
       collect(coalesce(c.stated, '')) AS stated, collect(coalesce(c.by, '')) AS by,
       collect(coalesce(c.quote, '')) AS quote, collect(coalesce(c.note, '')) AS note, collect(coalesce(c.seen, '')) AS seen,
       collect(coalesce(c.dataset, '')) AS datasets, collect(coalesce(c.editions, '')) AS editions
"""
"""Every claim about the subjects, as columns; rows of subject ids. Without the hint a plan made while the graph was small starts
at the few sources and reads all their claims for every subject."""
