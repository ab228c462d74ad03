// title: Partners of a place
// description: Every partnership of one place with kind, status and dates, the living ones first.
// param: place place = Ludwigsburg – name or id of the place
// returns: partner place – the other member
// returns: partner_id id – its id
// returns: country country – its country, ISO 3166-1 alpha-2
// returns: kind kind – kind of partnership
// returns: status status – status
// returns: status_as_of date – when the status was so
// returns: status_undated boolean – true where it was so at the latest on that day
// returns: since date – beginning
// returns: programme text – programme it belongs to
// returns: contested predicate – properties on which sources contradict each other
// returns: partnership partnership – id of the partnership
MATCH (p:Place)-[:PARTNER_IN]->(s:Partnership)<-[:PARTNER_IN]-(other:Place)
WHERE p.id = $place OR p.name = $place
RETURN other.name AS partner, other.id AS partner_id, other.country AS country, s.kind AS kind, s.status AS status, s.status_as_of AS status_as_of,
       coalesce(s.status_undated, false) AS status_undated, s.since AS since, s.programme AS programme, coalesce(s.contested, []) AS contested, s.id AS partnership
ORDER BY s.bridge DESC, s.since, partner, kind, partnership, other.id
