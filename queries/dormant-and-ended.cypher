// title: Dormant, suspended and ended partnerships
// description: What is at rest or over, since when, and at which level.
// returns: members place – the members
// returns: kind kind – kind
// returns: status status – status
// returns: level level – level the status is about
// returns: status_as_of date – when the status was so
// returns: since date – beginning
MATCH (s:Partnership)<-[:PARTNER_IN]-(p:Place)
WHERE s.status IN ['dormant', 'suspended', 'ended', 'rejected', 'weak']
WITH s, p ORDER BY p.name
WITH s, collect(p.name) AS members
RETURN members, s.kind AS kind, s.status AS status, s.level AS level, s.status_as_of AS status_as_of, s.since AS since
ORDER BY status, members
