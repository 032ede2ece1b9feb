// SPDX-License-Identifier: Apache-2.0
// The types of work pools that our own agents and workers run, with what a new pool of each begins with. Workers of other
// programs bring their template with their first heartbeat, where the pool has none.
const text = (title, description, more = {}) => ({ type: 'string', title, description, ...more });
const map = (title, description) => ({ type: 'object', title, description, additionalProperties: { type: 'string' }, default: {} });

const PROCESS = {
  command: text('Command', 'What starts a run. Empty: the command of the worker.'),
  env: map('Environment', 'Variables that a run finds in its environment.'),
  labels: map('Labels', 'Marks on what the worker starts.'),
  name: text('Name', 'What the process is called. Empty: as the run.'),
  stream_output: { type: 'boolean', title: 'Show the output', description: 'What a run prints is shown where the worker runs.', default: true },
  working_dir: text('Working directory', 'Where a run starts. Empty: a new folder of its own.'),
};
const templateOf = (properties) => ({
  job_configuration: Object.fromEntries(Object.keys(properties).map((name) => [name, `{{ ${name} }}`])),
  variables: { type: 'object', properties },
});

export const POOL_TYPES = [
  { type: 'process', words: 'Process: a worker runs each flow as a process of its machine', template: templateOf(PROCESS) },
  { type: 'cloud-run-v2', words: 'Cloud Run (v2): a worker runs each flow as a job', template: {} },
  { type: 'cloud-run', words: 'Cloud Run: the older type', template: {} },
  { type: 'prefect-agent', words: 'Agent: agents of Prefect 2 take runs from its queues', template: {} },
];
