// title: Networks of a place
// description: Networks and rings to which a place belongs, and how many others do.
// param: place place = Ludwigsburg – name or id of the place
// returns: network text – name
// returns: since date – date of joining
// returns: members number – how many places belong to it
MATCH (p:Place)-[m:MEMBER_OF]->(n:Network)
WHERE p.id = $place OR p.name = $place
RETURN n.name AS network, m.since AS since, COUNT { (n)<-[:MEMBER_OF]-(:Place) } AS members
ORDER BY network
