// title: Events of a place
// description: Visits, signings and meetings in which a place took part, the latest first.
// param: place place = Ludwigsburg – name or id of the place
// returns: date date – date
// returns: kind event – kind
// returns: event text – what it was
// returns: event_de text – the same in German
// returns: with place – others who took part
// returns: with_id id – their ids, in the same order
// returns: topics text – topics in German
// returns: topics_en text – the same in English
MATCH (p:Place)-[:TOOK_PART_IN]->(e:Event)
WHERE p.id = $place OR p.name = $place
OPTIONAL MATCH (e)<-[:TOOK_PART_IN]-(other)
WHERE other <> p
WITH e, other ORDER BY other.name, other.id
WITH e, collect(other.name) AS others, collect(other.id) AS other_ids
OPTIONAL MATCH (e)-[:HAS_TOPIC]->(t:Topic)
WITH e, others, other_ids, t ORDER BY t.name_de
RETURN e.date AS date, e.kind AS kind, e.name AS event, coalesce(e.name_de, e.name) AS event_de, others AS with,
       other_ids AS with_id, collect(t.name_de) AS topics, collect(t.name_en) AS topics_en
ORDER BY date DESC, event
