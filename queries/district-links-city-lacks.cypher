// title: Links of a county or state that its city lacks
// description: Partnerships of counties, provinces and states whose seat or namesake cities are not partners: support for a new tie.
// returns: body place – the county, province or state
// returns: body_id id – its id
// returns: partner place – its partner
// returns: partner_id id – its id
// returns: kind kind – kind
// returns: status status – status
// returns: city place – a city that lies in the first
// returns: city_id id – its id
// returns: partner_city place – a city that lies in the second
// returns: partner_city_id id – its id
MATCH (body:District|Region)-[:PARTNER_IN]->(s:Partnership)<-[:PARTNER_IN]-(partner:District|Region)
WHERE body.id < partner.id
OPTIONAL MATCH (city:City)-[:PART_OF]->(body)
OPTIONAL MATCH (partner_city:City)-[:PART_OF]->(partner)
WITH body, partner, s, city, partner_city
WHERE city IS NULL OR partner_city IS NULL OR NOT EXISTS {
  MATCH (city)-[t]-(partner_city)
  WHERE t.in_force
}
RETURN body.name AS body, body.id AS body_id, partner.name AS partner, partner.id AS partner_id, s.kind AS kind,
       s.status AS status, city.name AS city, city.id AS city_id, partner_city.name AS partner_city, partner_city.id AS partner_city_id
ORDER BY body, partner, kind, city, partner_city, s.id
