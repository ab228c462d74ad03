// title: Dormant, suspended and ended partnerships
// description: What carries nothing now: at rest, put on hold, over or turned down, or never more than proposed; since when, and at which level.
// returns: members place – the members
// returns: members_id id – their ids, in the same order
// returns: kind kind – kind
// returns: status status – status
// returns: status_basis basis – what the status rests on
// returns: level level – level the status is about
// returns: status_as_of date – when the status was so
// returns: status_undated boolean – true where it was so at the latest on that day
// returns: since date – beginning
MATCH (s:Partnership)<-[:PARTNER_IN]-(p:Place)
WHERE NOT s.bridge
WITH s, p ORDER BY p.name, p.id
WITH s, collect(p.name) AS members, collect(p.id) AS members_id
RETURN members, members_id, s.kind AS kind, s.status AS status, s.status_basis AS status_basis, s.level AS level,
       s.status_as_of AS status_as_of, coalesce(s.status_undated, false) AS status_undated, s.since AS since
ORDER BY status, members, s.id
