// title: Anniversaries in a year
// description: Partnerships in force that turn 10, 25, 50 or another multiple of 25 years in the given year.
// param: year integer = 2027 – the year to plan for
// param: country string = "" – country of one member, ISO 3166-1 alpha-2; empty for all
// returns: years number – how many years
// returns: members place – the members
// returns: members_id id – their ids, in the same order
// returns: kind kind – kind
// returns: since date – beginning
// returns: status status – status
MATCH (s:Partnership)
WHERE s.since IS NOT NULL AND s.in_force
WITH s, $year - toInteger(left(s.since, 4)) AS years
WHERE years > 0 AND (years = 10 OR years % 25 = 0)
MATCH (s)<-[:PARTNER_IN]-(p:Place)
WITH s, years, p ORDER BY p.name, p.id
WITH s, years, collect(p.name) AS members, collect(p.id) AS members_id, collect(p.country) AS countries
WHERE $country = '' OR $country IN countries
RETURN years, members, members_id, s.kind AS kind, s.since AS since, s.status AS status
ORDER BY years DESC, since, members, s.id
