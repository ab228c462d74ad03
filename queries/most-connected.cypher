// title: Most connected places
// description: Places with the most partners in force, and how many countries they reach.
// param: country string = "" – country of the places; empty for all
// param: limit integer = 25 – rows at the most
// returns: place place – name
// returns: place_id id – its id
// returns: country country – its country
// returns: partners number – how many partners
// returns: countries number – in how many countries
MATCH (p:City)-[t]-(other:Place)
WHERE t.in_force AND ($country = '' OR p.country = $country)
WITH p, count(DISTINCT other) AS partners, count(DISTINCT other.country) AS countries
RETURN p.name AS place, p.id AS place_id, p.country AS country, partners, countries
ORDER BY partners DESC, countries DESC, place, place_id
LIMIT $limit
