"""The reading queries of the parts above, each a fixed text: Cypher stands in the store and in ``queries/`` only."""

from collections.abc import Mapping
from typing import LiteralString

from kg.vocabulary import TIE_TYPES, Language

# --- The whole graph as columns (kg.network.projection) ------------------------------------------------------------------

# Columns of plain values: a list or a comprehension for each place would cost three times as much. NaN and -1 stand for
# unknown, because ``collect`` leaves nulls out and the columns would no longer fit each other.
PLACE_COLUMNS = """
MATCH (p:Place)
WHERE EXISTS { (p)-[:PARTNER_IN]->() }
RETURN collect(p.id) AS id, collect(coalesce(p.name, p.id)) AS name, collect(coalesce(p.kind, 'city')) AS kind,
       collect(coalesce(p.country, '')) AS country, collect(coalesce(p.location.y, 0.0 / 0.0)) AS lat,
       collect(coalesce(p.location.x, 0.0 / 0.0)) AS lon, collect(coalesce(p.population, -1)) AS population,
       collect(coalesce(p.nuts2, '')) AS nuts2, collect(coalesce(p.name_de, '')) AS de, collect(coalesce(p.name_en, '')) AS en,
       collect(coalesce(p.name_fr, '')) AS fr, collect(coalesce(p.name_it, '')) AS it
"""
TIE_COLUMNS: LiteralString = """
MATCH (a:Place)-[t:TYPES]->(b:Place)
RETURN collect(t.key) AS key, collect(a.id) AS a, collect(b.id) AS b, collect(type(t)) AS type, collect(t.kind) AS kind,
       collect(coalesce(t.status, 'unknown')) AS status, collect(coalesce(t.since, '')) AS since,
       collect(t.partnership) AS partnership, collect(coalesce(t.status_basis, '')) AS status_basis,
       collect(coalesce(t.last_evidence, '')) AS last_evidence, collect(coalesce(t.status_as_of, '')) AS status_as_of
""".replace("TYPES", "|".join(TIE_TYPES))
MEMBERSHIPS = "MATCH (p:Place)-[:MEMBER_OF]->(n:Network) RETURN collect([p.id, n.id]) AS pairs"
TOPICS_OF_PLACES = (
    "MATCH (p:Place)-[:PARTNER_IN]->(:Partnership)-[:HAS_TOPIC]->(t:Topic) "
    "WITH DISTINCT p, t RETURN collect([p.id, t.id]) AS pairs"
)
PARTNERSHIP_IDS = "MATCH (p:Partnership) RETURN collect(p.id) AS ids"
VERSION = (
    "OPTIONAL MATCH (l:LoadLock) WITH max(l.holder) AS holder OPTIONAL MATCH (r:IngestRun) "
    "RETURN count(r) AS n, max(r.id) AS last, max(coalesce(r.finished, '')) AS finished, holder"
)

# --- What speaks for an opportunity (kg.network.evidence) ----------------------------------------------------------------

SUPPORT = """
UNWIND $pairs AS pair
MATCH (a:Place {id: pair[0]})-[:PART_OF*1..3]->(x:District|Region)-[:PARTNER_IN]->(p:Partnership)
MATCH (p)<-[:PARTNER_IN]-(y:District|Region|Country)
WHERE y <> x AND EXISTS { (:Place {id: pair[1]})-[:PART_OF*1..3]->(y) }
RETURN DISTINCT p.id AS partnership, p.kind AS kind, p.status AS status, [x.name, x.name_de, x.name_en] AS first,
       [y.name, y.name_de, y.name_en] AS second, pair AS places
ORDER BY partnership, places
"""
CARRIERS = """
UNWIND $ids AS id
MATCH (p:Place {id: id})
CALL (p) {
  MATCH (o:Organisation)-[:BASED_IN]->(p) WHERE ($held IS NULL OR [o.id, p.id] IN $held) RETURN o AS carrier, 'based' AS how
  UNION
  MATCH (o:Organisation)-[:SUPPORTS]->(s:Partnership)<-[:PARTNER_IN]-(p) WHERE s.id IN $partnerships
    AND ($held IS NULL OR [o.id, s.id] IN $held)
  RETURN o AS carrier, 'supports' AS how
  UNION
  MATCH (p)-[:MEMBER_OF]->(n:Network) WHERE ($held IS NULL OR [p.id, n.id] IN $held) RETURN n AS carrier, 'member' AS how
}
RETURN carrier.id AS id, carrier.name AS name, how, collect(DISTINCT p.id) AS places
ORDER BY how, name, id
"""
MEETINGS = """
MATCH (p:Place)-[:TOOK_PART_IN]->(e:Event)
WHERE p.id IN $ids
WITH e, collect(DISTINCT p.id) AS places
WHERE size(places) >= 2
RETURN e.id AS id, e.kind AS kind, e.name AS name, coalesce(e.name_de, '') AS name_de,
       coalesce(e.date, '') AS date, places
ORDER BY date, id
"""
TOPIC_NAMES = "MATCH (t:Topic) WHERE t.id IN $ids RETURN t.id AS id, t.name_de AS de, t.name_en AS en ORDER BY id"

# --- The graph as a file (kg.present.tables.export) ----------------------------------------------------------------------

EXPORTED_PLACES = """
MATCH (p:Place) WHERE EXISTS { (p)-[:PARTNER_IN]->() }
RETURN p.id AS id, p.name AS label, p.kind AS kind, p.country AS country, p.location.y AS lat, p.location.x AS lon,
       p.population AS population
ORDER BY id
"""
EXPORTED_TIES: LiteralString = """
MATCH (a:Place)-[t:TYPES]->(b:Place)
MATCH (p:Partnership {id: t.partnership})
RETURN t.key AS key, a.id AS a, b.id AS b, a.name AS a_name, b.name AS b_name, a.country AS a_country, b.country AS b_country,
       a.kind AS a_kind, b.kind AS b_kind, a.location.y AS a_lat, a.location.x AS a_lon, b.location.y AS b_lat,
       b.location.x AS b_lon, a.population AS a_population, b.population AS b_population,
       type(t) AS type, t.kind AS kind, t.status AS status, t.since AS since, t.partnership AS partnership,
       p.until AS until, p.name AS name, p.level AS level, p.status_as_of AS status_as_of, p.status_basis AS status_basis,
       p.status_undated AS status_undated, p.last_evidence AS last_evidence,
       COLLECT { MATCH (p)<-[:ABOUT]-(:Claim)-[:STATED_IN]->(s:Source) RETURN DISTINCT s.title ORDER BY s.title } AS sources
ORDER BY key
""".replace("TYPES", "|".join(TIE_TYPES))
NODES_OF_LABEL: LiteralString = "MATCH (n:LABEL) RETURN n {.*} AS properties, labels(n) AS labels ORDER BY n.id"
RELATIONS_OF_TYPE: LiteralString = (
    "MATCH (a)-[r:TYPE]->(b) RETURN type(r) AS type, a.id AS start, b.id AS end, r {.*} AS properties ORDER BY start, end"
)

# --- The graph as a whole (kg.present.views.overview) --------------------------------------------------------------------

MOST_CONNECTED: LiteralString = """
MATCH (p:City)-[t:TYPES]-(other:Place)
WHERE t.bridge
WITH p, count(DISTINCT other) AS partners, count(DISTINCT other.country) AS countries
RETURN p.id AS id, p.name AS name, [p.name_de, p.name_en] AS names, p.country AS country, partners, countries
ORDER BY partners DESC, countries DESC, id
LIMIT $limit
""".replace("TYPES", "|".join(TIE_TYPES))
BEST_DOCUMENTED = """
MATCH (p:City)-[:PARTNER_IN]->(s:Partnership)<-[:ABOUT]-(c:Claim)
RETURN p.id AS id, p.name AS name, [p.name_de, p.name_en] AS names, count(c) AS claims
ORDER BY claims DESC, id
LIMIT $limit
"""
FIGURES = """
MATCH (p:Place) WHERE EXISTS { (p)-[:PARTNER_IN]->() }
WITH count(p) AS places, count(DISTINCT p.country) AS countries
RETURN places, countries, COUNT { (:Partnership) } AS partnerships, COUNT { (:Claim) } AS claims, COUNT { (:Source) } AS sources
"""
COUNTS = "MATCH (p:Partnership) RETURN p.kind AS kind, coalesce(p.status, 'unknown') AS status, count(*) AS n"
ALL_TIES: LiteralString = """
MATCH (a:Place)-[t:TYPES]->(b:Place)
RETURN t.key AS key, a.id AS a, b.id AS b, type(t) AS type, t.kind AS kind, t.status AS status, t.since AS since,
       t.partnership AS partnership,
       coalesce(t.status_basis, '') AS status_basis, coalesce(t.last_evidence, '') AS last_evidence,
       coalesce(t.status_as_of, '') AS status_as_of
ORDER BY key
LIMIT $limit
""".replace("TYPES", "|".join(TIE_TYPES))

# --- Words and people around a place or a claim (kg.present.views.details, kg.present.paper.notes) --------------------------

NAMES_OF: LiteralString = """
UNWIND $ids AS id
OPTIONAL MATCH (t:Topic {id: id}) OPTIONAL MATCH (n:Network {id: id}) OPTIONAL MATCH (o:Organisation {id: id})
RETURN id, coalesce(t.name_de, n.name, o.name) AS de, coalesce(t.name_en, n.name, o.name) AS en
"""
REGIONS_OF_PLACE = """
MATCH (p:Place {id: $place})-[:PART_OF*1..3]->(r:Place)
WHERE NOT r:Country
RETURN DISTINCT r.id AS id, coalesce(CASE $language WHEN 'de' THEN r.name_de ELSE r.name_en END, r.name) AS name ORDER BY name
"""
SOURCES = """
UNWIND $ids AS id
MATCH (s:Source {id: id})
RETURN s.id AS id, coalesce(s.title, s.id) AS title, coalesce(s.publisher, '') AS publisher, coalesce(s.url, '') AS url,
       coalesce(s.published, '') AS published, coalesce(s.retrieved, '') AS retrieved
"""

# --- Single lists and questions ------------------------------------------------------------------------------------------

LOCAL_NAMES: Mapping[Language, LiteralString] = {
    "de": "UNWIND $ids AS id MATCH (p:Place {id: id}) RETURN id, coalesce(p.name_de, p.name) AS name",
    "en": "UNWIND $ids AS id MATCH (p:Place {id: id}) RETURN id, coalesce(p.name_en, p.name) AS name",
}
TOPICS = "MATCH (t:Topic) RETURN t.id AS id, t.name_de AS de, t.name_en AS en ORDER BY id"
NETWORKS = "MATCH (n:Network) RETURN n.id AS id, n.name AS name ORDER BY name"
BUNDLED_RUNS = "MATCH (r:IngestRun {source: 'bundled'}) RETURN DISTINCT r.status AS status"
ANY_PARTNERSHIP = "MATCH (p:Partnership) RETURN p.id AS id LIMIT 1"
ANY_PLACE = "MATCH (p:Place) RETURN p.id AS id LIMIT 1"
ANSWERS = "RETURN 1 AS one"
EXAMPLE = (
    "MATCH (p:City)-[t:TWINNED_WITH]-(q:City)\nWHERE p.name = 'Ludwigsburg'\nRETURN q.name, q.country, t.since\nORDER BY t.since"
)
"""What stands in the console before anybody wrote there."""
