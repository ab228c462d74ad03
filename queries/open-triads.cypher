// title: Open triads with a place at the end
// description: Two living ties a–b and b–c between cities where a and c have no tie in force: whom the place could meet through a partner.
// param: place place = Ludwigsburg – name or id of the place
// returns: place place – the place asked for
// returns: place_id id – its id
// returns: bridge place – the partner in between
// returns: candidate place – the place without a tie
// returns: candidate_country country – its country
// returns: first_tie kind – kind of the tie place–bridge
// returns: second_tie kind – kind of the tie bridge–candidate
// returns: candidate_id id – id of the candidate
// returns: bridge_id id – id of the bridge
MATCH (a:City)-[s]-(b:City)
WHERE (a.id = $place OR a.name = $place) AND s.bridge
MATCH (b)-[t]-(c:City)
WHERE t.bridge AND c <> a
  AND NOT EXISTS {
    MATCH (a)-[u]-(c)
    WHERE u.in_force
  }
RETURN a.name AS place, a.id AS place_id, b.name AS bridge, c.name AS candidate, c.country AS candidate_country,
       min(s.kind) AS first_tie, min(t.kind) AS second_tie, c.id AS candidate_id, b.id AS bridge_id
ORDER BY candidate, bridge, candidate_id, bridge_id
