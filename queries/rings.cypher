// title: Ring partnerships
// description: Three cities of which every pair has a living tie of its own, and whether a joint initiative of the three is on record.
// param: place place = "" – name or id of a place; empty for all
// param: limit integer = 200 – rows at the most
// returns: first – one place
// returns: second – another place
// returns: third – the third place
// returns: joint – names of what the three have together, or its kind where it has no name
MATCH (a:City)-[s:TWINNED_WITH|FRIENDS_WITH|IN_CONTACT_WITH|CLIMATE_PARTNER_OF|SUSTAINABILITY_PARTNER_OF|SOLIDARITY_WITH|SPONSORS|COOPERATES_WITH]-(b:City)
WHERE a.id < b.id AND s.status IN ['active', 'weak', 'planned', 'unknown']
MATCH (b)-[t:TWINNED_WITH|FRIENDS_WITH|IN_CONTACT_WITH|CLIMATE_PARTNER_OF|SUSTAINABILITY_PARTNER_OF|SOLIDARITY_WITH|SPONSORS|COOPERATES_WITH]-(c:City)
WHERE b.id < c.id AND t.status IN ['active', 'weak', 'planned', 'unknown'] AND ($place = '' OR $place IN [a.id, a.name, b.id, b.name, c.id, c.name])
MATCH (a)-[u:TWINNED_WITH|FRIENDS_WITH|IN_CONTACT_WITH|CLIMATE_PARTNER_OF|SUSTAINABILITY_PARTNER_OF|SOLIDARITY_WITH|SPONSORS|COOPERATES_WITH]-(c)
WHERE u.status IN ['active', 'weak', 'planned', 'unknown']
WITH DISTINCT a, b, c
RETURN a.name AS first, b.name AS second, c.name AS third,
       [(a)-[:PARTNER_IN]->(j:Partnership)<-[:PARTNER_IN]-(b) WHERE EXISTS { (c)-[:PARTNER_IN]->(j) } | coalesce(j.name, j.kind)] AS joint
ORDER BY first, second, third
LIMIT $limit
