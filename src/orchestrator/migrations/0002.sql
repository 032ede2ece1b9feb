-- Who claimed a run and how often it was queued again after its claimer had gone; how many of its backfill run at once.
ALTER TABLE flow_run ADD COLUMN claimed_by TEXT;
ALTER TABLE flow_run ADD COLUMN queued_again INTEGER NOT NULL DEFAULT 0;
ALTER TABLE flow_run ADD COLUMN backfill_parallel INTEGER;

-- What becomes of runs that nobody took in time: 'all', 'latest', 'none'; the most lateness in microseconds.
ALTER TABLE deployment ADD COLUMN catch_up TEXT;
ALTER TABLE deployment ADD COLUMN max_lateness INTEGER;

CREATE INDEX event_name ON event(name, occurred);
CREATE INDEX log_at ON log(at);

CREATE TABLE automation(
  id TEXT PRIMARY KEY, created INTEGER NOT NULL, updated INTEGER NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL,
  enabled INTEGER NOT NULL, tags TEXT NOT NULL, trigger TEXT NOT NULL, actions TEXT NOT NULL,
  actions_on_trigger TEXT NOT NULL, actions_on_resolve TEXT NOT NULL, owner_resource TEXT,
  last_event INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX automation_owner ON automation(owner_resource);

-- How far the count of a trigger with a threshold has come, for each thing that it counts for itself.
CREATE TABLE automation_count(
  automation_id TEXT NOT NULL REFERENCES automation(id) ON DELETE CASCADE, key TEXT NOT NULL, count INTEGER NOT NULL,
  since INTEGER NOT NULL, PRIMARY KEY(automation_id, key)) STRICT, WITHOUT ROWID;

-- What is to be posted to somebody; the body is sealed as blocks are.
CREATE TABLE outgoing(
  number INTEGER PRIMARY KEY, automation_id TEXT NOT NULL, created INTEGER NOT NULL, tries INTEGER NOT NULL,
  due INTEGER NOT NULL, request TEXT NOT NULL) STRICT;
CREATE INDEX outgoing_due ON outgoing(due);

-- Addresses that others post to: what they send becomes an event. The id is the secret.
CREATE TABLE hook(
  id TEXT PRIMARY KEY, created INTEGER NOT NULL, updated INTEGER NOT NULL, name TEXT NOT NULL UNIQUE) STRICT, WITHOUT ROWID;
