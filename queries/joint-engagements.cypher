// title: Joint engagements and initiatives
// description: Partnerships of three or more places: who is engaged together, where, and in which status.
// param: place place = "" – name or id of a place; empty for all
// returns: members place – the members
// returns: members_id id – their ids, in the same order
// returns: target place – the place in which the others are engaged
// returns: target_id id – its id
// returns: name text – name of the undertaking
// returns: kind kind – kind
// returns: status status – status
// returns: status_as_of date – when the status was so
// returns: status_undated boolean – true where it was so at the latest on that day
// returns: since date – beginning
MATCH (s:Partnership)<-[r:PARTNER_IN]-(p:Place)
WHERE s.n_members >= 3
WITH s, collect(p) AS places, head(collect(CASE r.role WHEN 'target' THEN p END)) AS target
WHERE $place = '' OR any(p IN places WHERE $place IN [p.id, p.name])
WITH s, places, target
UNWIND places AS place
WITH s, target, place ORDER BY place.name, place.id
WITH s, target, collect(place.name) AS members, collect(place.id) AS members_id
RETURN members, members_id, target.name AS target, target.id AS target_id, s.name AS name, s.kind AS kind, s.status AS status,
       s.status_as_of AS status_as_of, coalesce(s.status_undated, false) AS status_undated, s.since AS since
ORDER BY name, members
