// title: Shortest connection of two places
// description: The shortest chains of living ties from one place to another.
// param: a place = Ludwigsburg – name or id of one place
// param: b place = Mulhouse – name or id of the other
// returns: steps number – number of ties
// returns: places place – the places on the way
// returns: places_id id – their ids, in the same order
// returns: kinds kind – kinds of the ties
MATCH (a:Place)
WHERE a.id = $a OR a.name = $a
MATCH (b:Place)
WHERE b.id = $b OR b.name = $b
MATCH way = allShortestPaths((a)-[*..6]-(b))
WHERE all(t IN relationships(way) WHERE t.bridge)
RETURN length(way) AS steps, [p IN nodes(way) | p.name] AS places, [p IN nodes(way) | p.id] AS places_id,
       [t IN relationships(way) | t.kind] AS kinds
ORDER BY steps, places, places_id
LIMIT 10
