-- Runs of a state in the order in which lists show them; what is planned or late; what failed last.
CREATE INDEX flow_run_state ON flow_run(state_type, coalesce(start, expected_start), id, state_name);
CREATE INDEX flow_run_next ON flow_run(next_start, id, state_name) WHERE state_type = 'SCHEDULED';
CREATE INDEX flow_run_failed ON flow_run(end, id) WHERE state_type IN ('FAILED', 'CRASHED');
-- Most runs that are made have neither an end nor a parent: they are not written there.
DROP INDEX flow_run_end;
CREATE INDEX flow_run_end ON flow_run(end) WHERE end IS NOT NULL;
DROP INDEX flow_run_parent;
CREATE INDEX flow_run_parent ON flow_run(parent_task_run_id) WHERE parent_task_run_id IS NOT NULL;
CREATE INDEX flow_run_open_child ON flow_run(parent_task_run_id)
  WHERE parent_task_run_id IS NOT NULL AND state_type NOT IN ('COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED');
CREATE INDEX artifact_created ON artifact(created);
