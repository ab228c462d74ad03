// title: Most connected places
// description: Places with the most partners in force, and how many countries they reach.
// param: country string = "" – country of the places; empty for all
// param: limit integer = 25 – rows at the most
// returns: place – name
// returns: country – its country
// returns: partners – how many partners
// returns: countries – in how many countries
MATCH (p:City)-[t:TWINNED_WITH|FRIENDS_WITH|IN_CONTACT_WITH|CLIMATE_PARTNER_OF|SUSTAINABILITY_PARTNER_OF|SOLIDARITY_WITH|SPONSORS|COOPERATES_WITH]-(other:Place)
WHERE t.status IN ['active', 'weak', 'planned', 'unknown', 'dormant', 'suspended'] AND ($country = '' OR p.country = $country)
WITH p, count(DISTINCT other) AS partners, count(DISTINCT other.country) AS countries
RETURN p.name AS place, p.country AS country, partners, countries
ORDER BY partners DESC, countries DESC, place
LIMIT $limit
