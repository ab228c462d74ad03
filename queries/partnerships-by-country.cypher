// title: Partnerships by country
// description: How many partnerships connect the places of a country with each other country.
// param: country string = DE – country of one side, ISO 3166-1 alpha-2
// returns: partner_country country – the other side's country
// returns: kind kind – kind
// returns: partnerships number – how many
// returns: in_force number – how many of them are in force
MATCH (a:Place)-[:PARTNER_IN]->(s:Partnership)<-[:PARTNER_IN]-(b:Place)
WHERE a.country = $country AND b.country <> $country
WITH DISTINCT b.country AS partner_country, s
RETURN partner_country, s.kind AS kind, count(s) AS partnerships,
       sum(CASE WHEN s.in_force THEN 1 ELSE 0 END) AS in_force
ORDER BY partnerships DESC, partner_country, kind
