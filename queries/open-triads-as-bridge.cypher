// title: Open triads with a place as the bridge
// description: Two partners of one city that have no tie in force with each other: whom the place could bring together.
// param: place place = Ludwigsburg – name or id of the place
// returns: bridge place – the place asked for
// returns: bridge_id id – its id
// returns: first place – one partner
// returns: first_id id – its id
// returns: second place – the other partner
// returns: second_id id – its id
// returns: first_country country – country of the first
// returns: second_country country – country of the second
MATCH (b:City)-[s]-(a:City)
WHERE (b.id = $place OR b.name = $place) AND s.bridge
MATCH (b)-[t]-(c:City)
WHERE t.bridge AND a.id < c.id
  AND NOT EXISTS {
    MATCH (a)-[u]-(c)
    WHERE u.in_force
  }
RETURN DISTINCT b.name AS bridge, b.id AS bridge_id, a.name AS first, a.id AS first_id, c.name AS second, c.id AS second_id,
       a.country AS first_country, c.country AS second_country
ORDER BY first, second, first_id, second_id
