// title: Common partners of two places
// description: Places with which both have a tie in force.
// param: a place = Ludwigsburg – name or id of one place
// param: b place = Mulhouse – name or id of the other
// returns: partner place – the common partner
// returns: partner_id id – its id
// returns: country country – its country
// returns: with_a kind – kinds of its ties with the first
// returns: with_b kind – kinds of its ties with the second
MATCH (a:Place)-[s]-(c:Place)-[t]-(b:Place)
WHERE (a.id = $a OR a.name = $a) AND (b.id = $b OR b.name = $b)
  AND s.in_force AND t.in_force
RETURN c.name AS partner, c.id AS partner_id, c.country AS country, collect(DISTINCT s.kind) AS with_a, collect(DISTINCT t.kind) AS with_b
ORDER BY partner, partner_id
