// title: Open triads with a place as the bridge
// description: Two partners of one city that have no tie in force with each other: whom the place could bring together.
// param: place place = Ludwigsburg – name or id of the place
// returns: bridge – the place asked for
// returns: first – one partner
// returns: second – the other partner
// returns: first_country – country of the first
// returns: second_country – country of the second
MATCH (b:City)-[s:TWINNED_WITH|FRIENDS_WITH|IN_CONTACT_WITH|CLIMATE_PARTNER_OF|SUSTAINABILITY_PARTNER_OF|SOLIDARITY_WITH|SPONSORS|COOPERATES_WITH]-(a:City)
WHERE (b.id = $place OR b.name = $place) AND s.status IN ['active', 'weak', 'planned', 'unknown']
MATCH (b)-[t:TWINNED_WITH|FRIENDS_WITH|IN_CONTACT_WITH|CLIMATE_PARTNER_OF|SUSTAINABILITY_PARTNER_OF|SOLIDARITY_WITH|SPONSORS|COOPERATES_WITH]-(c:City)
WHERE t.status IN ['active', 'weak', 'planned', 'unknown'] AND a.id < c.id
  AND NOT EXISTS {
    MATCH (a)-[u:TWINNED_WITH|FRIENDS_WITH|IN_CONTACT_WITH|CLIMATE_PARTNER_OF|SUSTAINABILITY_PARTNER_OF|SOLIDARITY_WITH|SPONSORS|COOPERATES_WITH]-(c)
    WHERE u.status IN ['active', 'weak', 'planned', 'unknown', 'dormant', 'suspended']
  }
RETURN DISTINCT b.name AS bridge, a.name AS first, c.name AS second, a.country AS first_country, c.country AS second_country
ORDER BY first, second
