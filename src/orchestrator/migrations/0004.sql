-- What triggers wait for, each part of one by its number: an event trigger's count and since when, for each thing that it looks at for itself
-- (`due`: fires then unless enough came), and when the parts of a compound or sequence trigger fired last.
DROP TABLE automation_count;
CREATE TABLE automation_wait(
  automation_id TEXT NOT NULL REFERENCES automation(id) ON DELETE CASCADE, part INTEGER NOT NULL, key TEXT NOT NULL,
  since INTEGER NOT NULL, count INTEGER NOT NULL, due INTEGER, event TEXT,
  PRIMARY KEY(automation_id, part, key)) STRICT, WITHOUT ROWID;
CREATE INDEX automation_wait_due ON automation_wait(due) WHERE due IS NOT NULL;
CREATE TABLE automation_fired(
  automation_id TEXT NOT NULL REFERENCES automation(id) ON DELETE CASCADE, part INTEGER NOT NULL, at INTEGER NOT NULL,
  number INTEGER NOT NULL, PRIMARY KEY(automation_id, part)) STRICT, WITHOUT ROWID;
