// title: Topics of joint work
// description: Which partnerships work on which subject.
// param: topic string = climate – id of the topic without its prefix; empty for all
// returns: topic text – German name
// returns: topic_en text – English name
// returns: members place – the members
// returns: members_id id – their ids, in the same order
// returns: kind kind – kind
// returns: status status – status
MATCH (t:Topic)<-[:HAS_TOPIC]-(s:Partnership)<-[:PARTNER_IN]-(p:Place)
WHERE $topic = '' OR t.id = 'topic:' + $topic
WITH t, s, p ORDER BY p.name, p.id
WITH t, s, collect(p.name) AS members, collect(p.id) AS members_id
RETURN t.name_de AS topic, t.name_en AS topic_en, members, members_id, s.kind AS kind, s.status AS status
ORDER BY topic, members, kind
