// title: One-sided partnerships
// description: Partnerships of two that only one of the two sides lists, by statements that name their side.
// param: country string = "" – country of the side that lists it; empty for all
// param: limit integer = 500 – rows at the most
// returns: listed_by place – the side that lists it
// returns: listed_by_id id – its id
// returns: not_by place – the side that does not
// returns: not_by_id id – its id
// returns: kind kind – kind
// returns: status status – status
MATCH (s:Partnership)<-[:PARTNER_IN]-(one:Place)
WHERE s.n_members = 2 AND size(s.stated_by) = 1 AND one.id IN s.stated_by AND ($country = '' OR one.country = $country)
MATCH (s)<-[:PARTNER_IN]-(other:Place)
WHERE other <> one
RETURN one.name AS listed_by, one.id AS listed_by_id, other.name AS not_by, other.id AS not_by_id, s.kind AS kind, s.status AS status
ORDER BY listed_by, not_by, kind, s.id
LIMIT $limit
