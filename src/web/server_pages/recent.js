// SPDX-License-Identifier: Apache-2.0
// The last runs as bars, the oldest first; their height is how long they took beside the others.
import { element } from './dom.js';
import { runHref } from './parts.js';
import { kindOf } from './states.js';
import { duration } from './when.js';

export const recent = (runs) => {
  const most = Math.max(...runs.map((run) => run.total_run_time), 0.001);
  return element('span', { class: 'recent', role: 'group', 'aria-label': 'Last runs' }, [...runs].reverse().map((run) => {
    const kind = kindOf(run.state_type, run.state_name);
    const words = `${run.name}: ${run.state_name ?? kind}, ${duration(run.total_run_time)}`;
    return element('a', { class: `${kind} h${Math.max(1, Math.ceil((5 * run.total_run_time) / most))}`, href: runHref(run.id), title: words, 'aria-label': words });
  }));
};
