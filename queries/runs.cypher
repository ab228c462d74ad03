// title: Runs of ingest sources
// description: What was loaded when, with the account of rows.
// param: limit integer = 50 – rows at the most
// returns: started – beginning
// returns: source – ingest source
// returns: status – how it ended
// returns: read – rows read
// returns: loaded – rows loaded
// returns: ignored – rows ignored
// returns: rejected – rows rejected
// returns: changed – claims changed
MATCH (r:IngestRun)
RETURN r.started AS started, r.source AS source, r.status AS status, r.read AS read, r.loaded AS loaded, r.ignored AS ignored,
       r.rejected AS rejected, r.changed AS changed
ORDER BY r.id DESC
LIMIT $limit
