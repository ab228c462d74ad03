// title: Ring partnerships
// description: Three cities of which every pair has a living tie of its own, and whether a joint initiative of the three is on record.
// param: place place = "" – name or id of a place; empty for all
// param: limit integer = 200 – rows at the most
// returns: first place – one place
// returns: first_id id – its id
// returns: second place – another place
// returns: second_id id – its id
// returns: third place – the third place
// returns: third_id id – its id
// returns: joint kind – names of what the three have together, or its kind where it has no name
MATCH (a:City)-[s]-(b:City)
WHERE a.id < b.id AND s.bridge
MATCH (b)-[t]-(c:City)
WHERE b.id < c.id AND t.bridge AND ($place = '' OR $place IN [a.id, a.name, b.id, b.name, c.id, c.name])
MATCH (a)-[u]-(c)
WHERE u.bridge
WITH DISTINCT a, b, c
RETURN a.name AS first, a.id AS first_id, b.name AS second, b.id AS second_id, c.name AS third, c.id AS third_id,
       [(a)-[:PARTNER_IN]->(j:Partnership)<-[:PARTNER_IN]-(b) WHERE EXISTS { (c)-[:PARTNER_IN]->(j) } | coalesce(j.name, j.kind)] AS joint
ORDER BY first, second, third, first_id, second_id, third_id
LIMIT $limit
