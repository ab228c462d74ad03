// title: Runs of ingest sources
// description: What was loaded when, with the account of rows.
// param: limit integer = 50 – rows at the most
// returns: started time – beginning
// returns: source text – ingest source
// returns: status run – how it ended
// returns: read number – rows read
// returns: loaded number – rows loaded
// returns: ignored number – rows ignored
// returns: rejected number – rows rejected
// returns: changed number – claims changed
MATCH (r:IngestRun)
RETURN r.started AS started, r.source AS source, r.status AS status, r.read AS read, r.loaded AS loaded, r.ignored AS ignored,
       r.rejected AS rejected, r.changed AS changed
ORDER BY r.id DESC
LIMIT $limit
