// title: Places that may be one
// description: Places of one country of which one is in no gazetteer, and which share a name in some language, or the beginning of one, or lie side by side with common partners; most common partners first. Where they are one: kg merge-places.
// param: limit integer = 200 – rows at the most
// returns: name text – the name of the one
// returns: other_name text – the name of the other
// returns: country country – code of the country
// returns: place text – id of the one
// returns: other text – id of the other
// returns: common number – number of common partners
CALL () {
  MATCH (p:City)
  UNWIND p.search AS name
  WITH p, split(name, ' ') AS words
  UNWIND range(1, size(words)) AS n
  WITH p, reduce(key = '', word IN words[0..n] | key + ' ' + word) AS key, n = size(words) AS whole
  WHERE size(key) > 4
  WITH p.country AS country, key, collect(DISTINCT CASE WHEN whole THEN p END) AS named, collect(DISTINCT p) AS begun
  WHERE size(named) > 0 AND size(begun) > 1 AND any(p IN begun WHERE NOT p.id STARTS WITH 'gn:')
  UNWIND named AS p
  UNWIND begun AS q
  WITH p, q WHERE coalesce(point.distance(p.location, q.location) < 30000, true)
  RETURN p, q, 0 AS least
  UNION
  MATCH (p:City) WHERE NOT p.id STARTS WITH 'gn:' AND p.location IS NOT NULL
  MATCH (q:City) WHERE point.distance(p.location, q.location) < 3000 AND q.country = p.country
  RETURN p, q, 1 AS least
}
WITH p, q, least WHERE p.id <> q.id AND NOT (p.id STARTS WITH 'gn:' AND q.id STARTS WITH 'gn:')
WITH CASE WHEN p.id < q.id THEN p ELSE q END AS p, CASE WHEN p.id < q.id THEN q ELSE p END AS q, min(least) AS least
WHERE NOT EXISTS { (p)-[:PARTNER_IN]->(:Partnership)<-[:PARTNER_IN]-(q) } AND NOT EXISTS { (p)-[:PART_OF]-(q) }
  AND (coalesce(p.kind, '') = 'borough') = (coalesce(q.kind, '') = 'borough')
OPTIONAL MATCH (p)-[:PARTNER_IN]->(:Partnership)<-[:PARTNER_IN]-(shared:Place)-[:PARTNER_IN]->(:Partnership)<-[:PARTNER_IN]-(q)
WHERE shared <> p AND shared <> q
WITH p, q, least, count(DISTINCT shared) AS common
WHERE common >= least
RETURN p.name AS name, q.name AS other_name, p.country AS country, p.id AS place, q.id AS other, common
ORDER BY common DESC, name, place, other
LIMIT $limit
