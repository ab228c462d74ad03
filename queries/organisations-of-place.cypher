// title: Organisations of a place
// description: Who is based there or carries its partnerships.
// param: place place = Ludwigsburg – name or id of the place
// returns: organisation text – name
// returns: based boolean – whether it has its seat there
// returns: supports place – partners of the partnerships it carries
MATCH (p:Place)
WHERE p.id = $place OR p.name = $place
MATCH (o:Organisation)
WHERE EXISTS { (o)-[:BASED_IN]->(p) } OR EXISTS { (o)-[:SUPPORTS]->(:Partnership)<-[:PARTNER_IN]-(p) }
OPTIONAL MATCH (o)-[:SUPPORTS]->(s:Partnership)<-[:PARTNER_IN]-(p)
OPTIONAL MATCH (s)<-[:PARTNER_IN]-(other:Place)
WHERE other <> p
WITH p, o, other ORDER BY other.name
RETURN o.name AS organisation, EXISTS { (o)-[:BASED_IN]->(p) } AS based, collect(DISTINCT other.name) AS supports
ORDER BY organisation
