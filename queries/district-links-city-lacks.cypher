// title: Links of a county or state that its city lacks
// description: Partnerships of counties, provinces and states whose seat or namesake cities are not partners: support for a new tie.
// returns: body place – the county, province or state
// returns: partner place – its partner
// returns: kind kind – kind
// returns: status status – status
// returns: city place – a city that lies in the first
// returns: partner_city place – a city that lies in the second
MATCH (body:District|Region)-[:PARTNER_IN]->(s:Partnership)<-[:PARTNER_IN]-(partner:District|Region)
WHERE body.id < partner.id
OPTIONAL MATCH (city:City)-[:PART_OF]->(body)
OPTIONAL MATCH (partner_city:City)-[:PART_OF]->(partner)
WITH body, partner, s, city, partner_city
WHERE city IS NULL OR partner_city IS NULL OR NOT EXISTS {
  MATCH (city)-[t]-(partner_city)
  WHERE t.in_force
}
RETURN body.name AS body, partner.name AS partner, s.kind AS kind, s.status AS status, city.name AS city, partner_city.name AS partner_city
ORDER BY body, partner, kind, city, partner_city, s.id
