"""The two queries that pages are made of. Wikidata's data model: https://www.mediawiki.org/wiki/Wikibase/Indexing/RDF_Dump_Format

Pages of statements go by the number of the item that states them, which is an order that every server agrees on and that
stays valid when items are added meanwhile (an offset would not). What is asked of items comes as (item, field, value), so
that many names times many aliases never multiply.
"""

from collections.abc import Iterable

from ingest.wikidata.items import LANGUAGES

_PREFIXES = """PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX p: <http://www.wikidata.org/prop/>
PREFIX ps: <http://www.wikidata.org/prop/statement/>
PREFIX pqv: <http://www.wikidata.org/prop/qualifier/value/>
PREFIX pr: <http://www.wikidata.org/prop/reference/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX wikibase: <http://wikiba.se/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
_STATEMENTS = """SELECT ?number ?item ?partner ?statement (MIN(?start) AS ?since) (MIN(?end) AS ?until)
       (COUNT(DISTINCT ?reference) AS ?references) (MIN(STR(?link)) AS ?url) WHERE {
  { SELECT DISTINCT ?item ?number WHERE {
      ?item p:P190/wikibase:rank ?any . FILTER(?any != wikibase:DeprecatedRank)
      BIND(xsd:integer(STRAFTER(STR(?item), "/entity/Q")) AS ?number) FILTER(?number > $AFTER)
    } ORDER BY ?number LIMIT $SIZE }
  ?item p:P190 ?statement .
  ?statement ps:P190 ?partner ; wikibase:rank ?rank . FILTER(?rank != wikibase:DeprecatedRank)
  OPTIONAL { ?statement pqv:P580 [ wikibase:timeValue ?t1 ; wikibase:timePrecision ?p1 ] .
             BIND(CONCAT(STR(?t1), "|", STR(?p1)) AS ?start) }
  OPTIONAL { ?statement pqv:P582 [ wikibase:timeValue ?t2 ; wikibase:timePrecision ?p2 ] .
             BIND(CONCAT(STR(?t2), "|", STR(?p2)) AS ?end) }
  OPTIONAL { ?statement prov:wasDerivedFrom ?reference . OPTIONAL { ?reference pr:P854 ?link } }
} GROUP BY ?number ?item ?partner ?statement ORDER BY ?number ?statement
"""
_BRANCHES = (
    ("?item rdfs:label ?value . FILTER(LANG(?value) IN ($LANGUAGES))", "name"),
    ("?item skos:altLabel ?value . FILTER(LANG(?value) IN ($LANGUAGES))", "alias"),
    ("?item wdt:P625 ?value .", "coordinates"),
    ("?item wdt:P17/wdt:P297 ?value .", "country"),
    ("?item wdt:P1082 ?value .", "population"),
    ("?item wdt:P1566 ?value .", "geonames"),
    ("BIND(STR(?item) AS ?value)", "asked"),
)
"""The last one echoes what was asked, so that an answer that lost its end is recognised."""


def statements_query(after: int, size: int) -> str:
    """Statements of the next ``size`` items whose number is larger than ``after``."""
    return _PREFIXES + _STATEMENTS.replace("$AFTER", str(after)).replace("$SIZE", str(size))


def items_query(qids: Iterable[str]) -> str:
    """Names, aliases, coordinates, countries (ISO codes), population and GeoNames numbers of items."""
    values = " ".join(f"wd:{qid}" for qid in qids)
    languages = ", ".join(f'"{language}"' for language in LANGUAGES)
    branches = " UNION\n".join(
        f'  {{ VALUES ?item {{ {values} }} {pattern} BIND("{field}" AS ?field) }}' for pattern, field in _BRANCHES
    )
    return f"{_PREFIXES}SELECT ?item ?field ?value WHERE {{\n{branches.replace('$LANGUAGES', languages)}\n}}\n"
