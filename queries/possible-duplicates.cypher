// title: Places that may be one
// description: Places with the same name and country of which one is in no gazetteer, most common partners first. Where they are one, a line in KG_HOME/corrections.csv makes them so.
// param: limit integer = 200 – rows at the most
// returns: name text – the name that both have
// returns: country country – code of the country
// returns: place text – id of the one
// returns: other text – id of the other
// returns: common number – number of common partners
MATCH (p:City)
WITH p.country AS country, toLower(p.name) AS key, collect(p) AS alike
WHERE size(alike) > 1 AND any(p IN alike WHERE NOT p.id STARTS WITH 'gn:')
UNWIND alike AS p
UNWIND alike AS q
WITH country, p, q
WHERE p.id < q.id AND NOT (p.id STARTS WITH 'gn:' AND q.id STARTS WITH 'gn:')
  AND coalesce(point.distance(p.location, q.location) < 30000, true)
OPTIONAL MATCH (p)-[:PARTNER_IN]->(:Partnership)<-[:PARTNER_IN]-(shared:Place)-[:PARTNER_IN]->(:Partnership)<-[:PARTNER_IN]-(q)
WHERE shared <> p AND shared <> q
RETURN p.name AS name, country, p.id AS place, q.id AS other, count(DISTINCT shared) AS common
ORDER BY common DESC, name, place, other
LIMIT $limit
