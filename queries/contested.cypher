// title: Contradictions between sources
// description: Every property on which sources contradict each other, with each statement and its source.
// returns: subject id – id of what it is about
// returns: property predicate – the property
// returns: statements text – value, source and date of each statement; ≤ before the day on which a source without a date was looked up
MATCH (subject:Partnership|Place|Organisation|Network|Event)
WHERE subject.contested IS NOT NULL
UNWIND subject.contested AS property
MATCH (subject)<-[:ABOUT]-(c:Claim)-[:STATED_IN]->(s:Source)
WHERE c.predicate = property OR (c.predicate = 'entry' AND NOT subject:Partnership)
WITH subject, property, c, s ORDER BY coalesce(c.as_of, c.stated), s.id, c.value
RETURN subject.id AS subject, property,
       collect(c.value + ' (' + s.title + coalesce(', ' + coalesce(c.as_of, c.stated), ', ≤ ' + c.seen, '') + ')') AS statements
ORDER BY subject, property
