// SPDX-License-Identifier: Apache-2.0
// What a state looks like: a word, a colour and a sign, so that none is told by its colour alone.
import { element, svg } from './dom.js';

const SIGNS = {
  completed: 'M2.5 8.5l3.5 3.5 7.5-8', failed: 'M3.5 3.5l9 9M12.5 3.5l-9 9', crashed: 'M9 1.5L4 9h3.5L7 14.5 12 7H8.5z',
  running: 'M4.5 2.8v10.4L13 8z', pending: 'M3 8h.01M8 8h.01M13 8h.01', scheduled: 'M8 1.8a6.2 6.2 0 1 0 .01 0M8 4.5V8l2.5 1.6',
  late: 'M8 1.8l6.6 12H1.4zM8 6.5v3.4M8 11.9v.1', paused: 'M5.5 3v10M10.5 3v10', cancelled: 'M8 1.8a6.2 6.2 0 1 0 .01 0M3.8 12.2l8.4-8.4',
  cancelling: 'M8 1.8a6.2 6.2 0 1 0 .01 0M5 8h6',
};

export const STATES = ['failed', 'crashed', 'late', 'running', 'pending', 'completed', 'cancelling', 'cancelled', 'paused', 'scheduled'];
export const FINAL = ['COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'];

export const kindOf = (type, name) => (name === 'Late' || type === 'LATE' ? 'late' : (type ?? 'pending').toLowerCase());
export const wordOf = (kind) => kind[0].toUpperCase() + kind.slice(1);
// "AwaitingRetry" → "Awaiting retry"
const spaced = (name) => name.replace(/([a-z])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`);

export const signOf = (kind) => SIGNS[kind] ?? SIGNS.pending;
export const sign = (kind) => svg('svg', { viewBox: '0 0 16 16', class: 'icon', 'aria-hidden': 'true' }, svg('path', { d: signOf(kind) }));
export const badge = ({ state_type: type, state_name: name }) => {
  const kind = kindOf(type, name);
  return element('span', { class: `badge ${kind}` }, sign(kind), spaced(name ?? wordOf(kind)));
};
