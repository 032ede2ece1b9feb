-- Ids are UUIDs as text, instants and durations microseconds, JSON is text. Every row knows when it was made and changed.
CREATE TABLE flow(
  id TEXT PRIMARY KEY, created INTEGER NOT NULL, updated INTEGER NOT NULL,
  name TEXT NOT NULL UNIQUE, tags TEXT NOT NULL, labels TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE work_pool(
  id TEXT PRIMARY KEY, created INTEGER NOT NULL, updated INTEGER NOT NULL,
  name TEXT NOT NULL UNIQUE, description TEXT, type TEXT NOT NULL, base_job_template TEXT NOT NULL,
  is_paused INTEGER NOT NULL, concurrency_limit INTEGER, default_queue_id TEXT, storage TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE work_queue(
  id TEXT PRIMARY KEY, created INTEGER NOT NULL, updated INTEGER NOT NULL,
  work_pool_id TEXT NOT NULL REFERENCES work_pool(id) ON DELETE CASCADE,
  name TEXT NOT NULL, description TEXT NOT NULL, is_paused INTEGER NOT NULL, concurrency_limit INTEGER,
  priority INTEGER NOT NULL, filter TEXT, last_polled INTEGER, UNIQUE(work_pool_id, name)) STRICT, WITHOUT ROWID;

CREATE TABLE worker(
  id TEXT PRIMARY KEY, created INTEGER NOT NULL, updated INTEGER NOT NULL,
  work_pool_id TEXT NOT NULL REFERENCES work_pool(id) ON DELETE CASCADE,
  name TEXT NOT NULL, last_heartbeat INTEGER NOT NULL, heartbeat_interval INTEGER,
  UNIQUE(work_pool_id, name)) STRICT, WITHOUT ROWID;

CREATE TABLE deployment(
  id TEXT PRIMARY KEY, created INTEGER NOT NULL, updated INTEGER NOT NULL,
  flow_id TEXT NOT NULL REFERENCES flow(id) ON DELETE CASCADE,
  name TEXT NOT NULL, version TEXT, description TEXT, paused INTEGER NOT NULL, parameters TEXT NOT NULL,
  parameter_schema TEXT, enforce_schema INTEGER NOT NULL, tags TEXT NOT NULL, labels TEXT NOT NULL, pull_steps TEXT,
  path TEXT, entrypoint TEXT, storage_document_id TEXT, infrastructure_document_id TEXT,
  work_queue_name TEXT, work_queue_id TEXT REFERENCES work_queue(id) ON DELETE SET NULL, job_variables TEXT NOT NULL,
  concurrency_limit INTEGER, concurrency_options TEXT, last_polled INTEGER, created_by TEXT, updated_by TEXT,
  next_plan INTEGER NOT NULL DEFAULT 0,
  UNIQUE(flow_id, name)) STRICT, WITHOUT ROWID;
CREATE INDEX deployment_queue ON deployment(work_queue_id);
CREATE INDEX deployment_plan ON deployment(next_plan);

CREATE TABLE deployment_schedule(
  id TEXT PRIMARY KEY, created INTEGER NOT NULL, updated INTEGER NOT NULL,
  deployment_id TEXT NOT NULL REFERENCES deployment(id) ON DELETE CASCADE, position INTEGER NOT NULL,
  schedule TEXT NOT NULL, active INTEGER NOT NULL, max_scheduled_runs INTEGER, parameters TEXT NOT NULL, slug TEXT,
  content_key TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX schedule_deployment ON deployment_schedule(deployment_id, position);

CREATE TABLE flow_run(
  id TEXT PRIMARY KEY, created INTEGER NOT NULL, updated INTEGER NOT NULL,
  flow_id TEXT NOT NULL REFERENCES flow(id) ON DELETE CASCADE,
  deployment_id TEXT REFERENCES deployment(id) ON DELETE SET NULL, deployment_version TEXT,
  name TEXT NOT NULL, state_id TEXT, state_type TEXT, state_name TEXT, state_at INTEGER, run_count INTEGER NOT NULL,
  flow_version TEXT, parameters TEXT NOT NULL, context TEXT NOT NULL, labels TEXT NOT NULL, tags TEXT NOT NULL,
  policy TEXT NOT NULL, idempotency_key TEXT, parent_task_run_id TEXT, auto_scheduled INTEGER NOT NULL,
  work_queue_name TEXT, work_queue_id TEXT REFERENCES work_queue(id) ON DELETE SET NULL, job_variables TEXT NOT NULL,
  infrastructure_document_id TEXT, infrastructure_pid TEXT, created_by TEXT,
  expected_start INTEGER, next_start INTEGER, start INTEGER, end INTEGER, total_run INTEGER NOT NULL,
  UNIQUE(flow_id, idempotency_key)) STRICT;
CREATE INDEX flow_run_queue ON flow_run(work_queue_id, next_start) WHERE state_type = 'SCHEDULED';
CREATE INDEX flow_run_deployment_next ON flow_run(deployment_id, next_start) WHERE state_type = 'SCHEDULED';
CREATE INDEX flow_run_open ON flow_run(state_type, state_at)
  WHERE state_type NOT IN ('COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED');
CREATE INDEX flow_run_started ON flow_run(coalesce(start, expected_start), id);
CREATE INDEX flow_run_expected ON flow_run(expected_start, id);
CREATE INDEX flow_run_flow ON flow_run(flow_id, expected_start);
CREATE INDEX flow_run_deployment ON flow_run(deployment_id, expected_start);
CREATE INDEX flow_run_end ON flow_run(end);
CREATE INDEX flow_run_parent ON flow_run(parent_task_run_id);
CREATE INDEX flow_run_name ON flow_run(name);

-- States of flow and task runs.
CREATE TABLE run_state(
  id TEXT PRIMARY KEY, run_id TEXT NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL,
  message TEXT, details TEXT NOT NULL, data TEXT, UNIQUE(run_id, at)) STRICT, WITHOUT ROWID;

CREATE TABLE task_run(
  id TEXT PRIMARY KEY, created INTEGER NOT NULL, updated INTEGER NOT NULL,
  flow_run_id TEXT, name TEXT NOT NULL, task_key TEXT NOT NULL, dynamic_key TEXT NOT NULL, cache_key TEXT,
  cache_expires INTEGER, task_version TEXT, policy TEXT NOT NULL, tags TEXT NOT NULL, labels TEXT NOT NULL,
  inputs TEXT NOT NULL, state_id TEXT, state_type TEXT, state_name TEXT, state_at INTEGER, run_count INTEGER NOT NULL,
  flow_run_run_count INTEGER NOT NULL, expected_start INTEGER, next_start INTEGER, start INTEGER, end INTEGER,
  total_run INTEGER NOT NULL, UNIQUE(flow_run_id, task_key, dynamic_key)) STRICT;
CREATE INDEX task_run_flow_run ON task_run(flow_run_id, expected_start);
CREATE INDEX task_run_expected ON task_run(expected_start, id);
CREATE INDEX task_run_open ON task_run(state_type, state_at)
  WHERE state_type NOT IN ('COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED');

CREATE TABLE task_cache(cache_key TEXT PRIMARY KEY, state_id TEXT NOT NULL, expires INTEGER) STRICT, WITHOUT ROWID;

CREATE TABLE flow_run_input(
  flow_run_id TEXT NOT NULL REFERENCES flow_run(id) ON DELETE CASCADE, key TEXT NOT NULL, id TEXT NOT NULL,
  created INTEGER NOT NULL, updated INTEGER NOT NULL, value TEXT NOT NULL, sender TEXT,
  PRIMARY KEY(flow_run_id, key)) STRICT, WITHOUT ROWID;

CREATE TABLE log(
  number INTEGER PRIMARY KEY, id TEXT NOT NULL, created INTEGER NOT NULL, flow_run_id TEXT, task_run_id TEXT,
  level INTEGER NOT NULL, at INTEGER NOT NULL, name TEXT NOT NULL, message TEXT NOT NULL) STRICT;
CREATE INDEX log_flow_run ON log(flow_run_id, at);
CREATE INDEX log_task_run ON log(task_run_id, at) WHERE task_run_id IS NOT NULL;

CREATE TABLE variable(
  id TEXT PRIMARY KEY, created INTEGER NOT NULL, updated INTEGER NOT NULL, name TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL, tags TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE artifact(
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL, updated INTEGER NOT NULL, key TEXT,
  type TEXT, description TEXT, data TEXT, metadata TEXT, flow_run_id TEXT, task_run_id TEXT) STRICT;
CREATE INDEX artifact_key ON artifact(key, number);
CREATE INDEX artifact_flow_run ON artifact(flow_run_id);

CREATE TABLE block_type(
  id TEXT PRIMARY KEY, created INTEGER NOT NULL, updated INTEGER NOT NULL, name TEXT NOT NULL, slug TEXT NOT NULL UNIQUE,
  logo_url TEXT, documentation_url TEXT, description TEXT, code_example TEXT, is_protected INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE block_schema(
  id TEXT PRIMARY KEY, created INTEGER NOT NULL, updated INTEGER NOT NULL, checksum TEXT NOT NULL, version TEXT NOT NULL,
  fields TEXT NOT NULL, capabilities TEXT NOT NULL, block_type_id TEXT NOT NULL REFERENCES block_type(id) ON DELETE CASCADE,
  UNIQUE(checksum, version)) STRICT, WITHOUT ROWID;

CREATE TABLE block_document(
  id TEXT PRIMARY KEY, created INTEGER NOT NULL, updated INTEGER NOT NULL, name TEXT NOT NULL, data TEXT NOT NULL,
  is_anonymous INTEGER NOT NULL, block_schema_id TEXT NOT NULL REFERENCES block_schema(id) ON DELETE CASCADE,
  block_type_id TEXT NOT NULL REFERENCES block_type(id) ON DELETE CASCADE,
  UNIQUE(block_type_id, name)) STRICT, WITHOUT ROWID;

CREATE TABLE concurrency_limit(
  id TEXT PRIMARY KEY, created INTEGER NOT NULL, updated INTEGER NOT NULL, name TEXT NOT NULL UNIQUE, active INTEGER NOT NULL,
  slots INTEGER NOT NULL, active_slots INTEGER NOT NULL, denied_slots INTEGER NOT NULL,
  decay_per_second REAL NOT NULL, decayed_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE lease(
  id TEXT NOT NULL, limit_id TEXT NOT NULL REFERENCES concurrency_limit(id) ON DELETE CASCADE, slots INTEGER NOT NULL,
  holder TEXT, expires INTEGER NOT NULL, PRIMARY KEY(id, limit_id)) STRICT, WITHOUT ROWID;
CREATE INDEX lease_expires ON lease(expires);

CREATE TABLE event(
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, occurred INTEGER NOT NULL, received INTEGER NOT NULL,
  name TEXT NOT NULL, resource_id TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX event_occurred ON event(occurred);
CREATE INDEX event_resource ON event(resource_id, occurred);

CREATE TABLE configuration(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
