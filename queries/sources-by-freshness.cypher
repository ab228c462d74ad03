// title: Sources by freshness
// description: Every source with the number of its claims, the oldest statement first.
// param: limit integer = 1000 – rows at the most
// returns: source text – title
// returns: publisher text – publisher
// returns: stated date – when it was published or read
// returns: claims number – how many claims
// returns: trust number – trust, 0 to 100
// returns: url url – address
MATCH (s:Source)
WITH s, coalesce(s.published, s.retrieved) AS stated, COUNT { (s)<-[:STATED_IN]-(:Claim) } AS claims
RETURN s.title AS source, s.publisher AS publisher, stated, claims, s.trust AS trust, s.url AS url
ORDER BY stated, source, s.id
LIMIT $limit
