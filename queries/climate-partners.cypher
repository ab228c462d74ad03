// title: Climate and sustainability partners
// description: Climate, sustainability and solidarity partnerships of one place, or of all when no place is given.
// param: place place = "" – name or id of a place; empty for all
// returns: place place – one member
// returns: place_id id – its id
// returns: partner place – the other member
// returns: partner_id id – its id
// returns: country country – the partner's country
// returns: kind kind – kind of partnership
// returns: programme text – programme and phase
// returns: since date – beginning
// returns: status status – status
// returns: partnership partnership – id of the partnership
MATCH (a:Place)-[:PARTNER_IN]->(s:Partnership)<-[:PARTNER_IN]-(b:Place)
WHERE s.family IN ['climate', 'sustainability', 'solidarity'] AND a.id < b.id
  AND ($place = '' OR $place IN [a.id, a.name, b.id, b.name])
RETURN a.name AS place, a.id AS place_id, b.name AS partner, b.id AS partner_id, b.country AS country, s.kind AS kind, s.programme AS programme,
       s.since AS since, s.status AS status, s.id AS partnership
ORDER BY kind, place, partner, partnership
