// title: Partners of a place
// description: Every partnership of one place with kind, status and dates, the living ones first.
// param: place place = Ludwigsburg – name or id of the place
// returns: partner place – the other member
// returns: country country – its country, ISO 3166-1 alpha-2
// returns: kind kind – kind of partnership
// returns: status status – status
// returns: status_as_of date – when the status was so
// returns: since date – beginning
// returns: programme text – programme it belongs to
// returns: contested predicate – properties on which sources contradict each other
// returns: partnership partnership – id of the partnership
MATCH (p:Place)-[:PARTNER_IN]->(s:Partnership)<-[:PARTNER_IN]-(other:Place)
WHERE p.id = $place OR p.name = $place
RETURN other.name AS partner, other.country AS country, s.kind AS kind, s.status AS status, s.status_as_of AS status_as_of,
       s.since AS since, s.programme AS programme, coalesce(s.contested, []) AS contested, s.id AS partnership
ORDER BY s.bridge DESC, s.since, partner, kind, partnership, other.id
