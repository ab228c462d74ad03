// title: Claims behind a tie
// description: Every statement about the partnerships of two places, with source and date.
// param: a place = Ludwigsburg – name or id of one place
// param: b place = Bergamo – name or id of the other
// returns: partnership partnership – id of the partnership
// returns: predicate predicate – what is said
// returns: value value – the value
// returns: as_of date – when that was so
// returns: source text – title of the source
// returns: url url – its address
// returns: stated date – when the source said it
// returns: at_the_latest date – day of looking up, where nobody says when it was so: it was so on that day at the latest
// returns: trust number – trust in the source
MATCH (a:Place)-[:PARTNER_IN]->(p:Partnership)<-[:PARTNER_IN]-(b:Place)
WHERE (a.id = $a OR a.name = $a) AND (b.id = $b OR b.name = $b)
MATCH (p)<-[:ABOUT]-(c:Claim)-[:STATED_IN]->(s:Source)
RETURN p.id AS partnership, c.predicate AS predicate, c.value AS value, c.as_of AS as_of, s.title AS source, s.url AS url,
       c.stated AS stated, CASE WHEN c.as_of IS NULL AND c.stated IS NULL THEN c.seen END AS at_the_latest, s.trust AS trust
ORDER BY partnership, predicate, as_of, source, value
