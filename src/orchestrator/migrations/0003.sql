-- Runs to be made for past dates or for editions: one a slot, so many at once. A slot's parameters are filled in when it is asked for.
CREATE TABLE backfill(
  id TEXT PRIMARY KEY, created INTEGER NOT NULL, deployment_id TEXT NOT NULL REFERENCES deployment(id) ON DELETE CASCADE,
  parallel INTEGER NOT NULL, tags TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX backfill_deployment ON backfill(deployment_id);
CREATE TABLE backfill_slot(
  backfill_id TEXT NOT NULL REFERENCES backfill(id) ON DELETE CASCADE, number INTEGER NOT NULL, slot TEXT NOT NULL,
  parameters TEXT NOT NULL, run_id TEXT, refused TEXT, PRIMARY KEY(backfill_id, number)) STRICT, WITHOUT ROWID;
CREATE INDEX backfill_slot_waits ON backfill_slot(backfill_id, number) WHERE run_id IS NULL AND refused IS NULL;
