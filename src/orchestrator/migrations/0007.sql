-- One index by state and time for lists, for what is planned or late and for what is open: the time of a run that waits is when it shall
-- start, a first time or again. A planned run stands in two indices less, and a run that changes its state in one.
DROP INDEX flow_run_open;
DROP INDEX flow_run_next;
DROP INDEX flow_run_state;
CREATE INDEX flow_run_state ON flow_run(state_type, coalesce(next_start, start, expected_start), id, state_name);
-- Runs of deployments without a queue wait in none.
DROP INDEX flow_run_queue;
CREATE INDEX flow_run_queue ON flow_run(work_queue_id, next_start) WHERE state_type = 'SCHEDULED' AND work_queue_id IS NOT NULL;
