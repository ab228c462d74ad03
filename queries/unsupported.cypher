// title: Partnerships of which no source has spoken for long
// description: In force as far as anybody knows, but the newest source that speaks of it is old: what to look up next.
// param: years integer = 10 – years without a word
// param: country string = "" – country of a member; empty for all
// param: limit integer = 500 – rows at the most
// returns: members place – the members
// returns: members_id id – their ids, in the same order
// returns: kind kind – kind
// returns: status status – status
// returns: status_basis basis – what the status rests on
// returns: last_evidence date – the newest date on which a source speaks of it
// returns: since date – beginning
// returns: partnership partnership – id of the partnership
MATCH (s:Partnership)<-[:PARTNER_IN]-(p:Place)
WHERE s.in_force AND left(coalesce(s.last_evidence, '0000'), 4) < toString(date().year - $years)
WITH s, p ORDER BY p.name, p.id
WITH s, collect(p) AS places
WHERE $country = '' OR any(p IN places WHERE p.country = $country)
RETURN [p IN places | p.name] AS members, [p IN places | p.id] AS members_id, s.kind AS kind, s.status AS status, s.status_basis AS status_basis,
       s.last_evidence AS last_evidence, s.since AS since, s.id AS partnership
ORDER BY last_evidence, members, kind, partnership
LIMIT $limit
