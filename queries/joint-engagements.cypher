// title: Joint engagements and initiatives
// description: Partnerships of three or more places: who is engaged together, where, and in which status.
// param: place place = "" – name or id of a place; empty for all
// returns: members place – the members
// returns: target place – the place in which the others are engaged
// returns: name text – name of the undertaking
// returns: kind kind – kind
// returns: status status – status
// returns: status_as_of date – when the status was so
// returns: since date – beginning
MATCH (s:Partnership)<-[r:PARTNER_IN]-(p:Place)
WHERE s.n_members >= 3
WITH s, collect(p) AS places, [x IN collect(CASE r.role WHEN 'target' THEN p.name END) WHERE x IS NOT NULL] AS targets
WHERE $place = '' OR any(p IN places WHERE $place IN [p.id, p.name])
WITH s, places, targets
UNWIND places AS place
WITH s, targets, place ORDER BY place.name
WITH s, targets, collect(place.name) AS members
RETURN members, head(targets) AS target, s.name AS name, s.kind AS kind, s.status AS status,
       s.status_as_of AS status_as_of, s.since AS since
ORDER BY name, members
