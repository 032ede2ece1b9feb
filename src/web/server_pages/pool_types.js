// SPDX-License-Identifier: Apache-2.0
// The types of work pools that our own agents and workers run, with the template that a new pool of each begins with: the
// same that the commands give. Workers of other programs bring theirs with their first heartbeat, where the pool has none.
const WORDS = {
  process: 'Process: a worker runs each flow as a process of its machine',
  'cloud-run-v2': 'Cloud Run (v2): a worker runs each flow as a job',
  'cloud-run': 'Cloud Run: the older type',
  'prefect-agent': 'Agent: agents of Prefect 2 take runs from its queues',
};

export const poolTypes = async () => {
  const templates = await (await fetch('/assets/work_pool_types.json')).json();
  return Object.entries(WORDS).map(([type, words]) => ({ type, words, template: templates[type] ?? {} }));
};
