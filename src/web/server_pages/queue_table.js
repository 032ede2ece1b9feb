// SPDX-License-Identifier: Apache-2.0
// The queues of a work pool: what waits in each, which comes first, pauses and limits; and a form for a new one.
import { element } from './dom.js';
import { badge } from './states.js';
import { button, confirm, field, link, table } from './parts.js';
import { patch, post, remove } from './server_api.js';
import { ago } from './when.js';

const RECENT = 60000;

export const heard = (queue, now) => queue.last_polled && new Date(now) - new Date(queue.last_polled) < RECENT;
export const status = (paused, alive) => {
  if (paused) return badge({ state_type: 'PAUSED', state_name: 'Paused' });
  return alive ? badge({ state_type: 'COMPLETED', state_name: 'Online' }) : badge({ state_type: 'CANCELLED', state_name: 'Offline' });
};

// A number that is changed where it stands.
const number = (page, key, label, value, least, save) => {
  const input = element('input', { type: 'number', min: least, step: 1, value: value ?? '', placeholder: 'none', 'data-key': key, 'aria-label': label, class: 'limit' });
  input.addEventListener('change', () => page.act(() => save(input.value === '' ? null : Number(input.value)), 'It is set.'));
  return input;
};
// Empty means no limit.
export const limit = (page, key, value, save) => number(page, key, 'Most runs at once', value, 0, (most) => save({ concurrency_limit: most }));

const drop = async (page, path, queue) => {
  if (!(await confirm({ heading: `Delete the queue ${queue.name}?`, text: 'Runs that wait in it wait for ever: move their deployments first.', yes: 'Delete the queue' }))) return;
  await page.act(() => remove(path), 'The queue is deleted.');
};

const turn = (page, path, queue) => button(queue.is_paused ? 'Resume' : 'Pause', () => page.act(() => patch(path, { is_paused: !queue.is_paused }), queue.is_paused ? 'The queue hands out runs again.' : 'The queue hands out nothing.'),
  { 'data-key': `pause-${queue.id}`, 'aria-label': `${queue.is_paused ? 'Resume' : 'Pause'} the queue ${queue.name}` });

const line = (page, pool, queue, [waiting, late], now) => {
  const path = `/work_pools/${encodeURIComponent(pool.name)}/queues/${encodeURIComponent(queue.name)}`;
  const set = (body) => patch(path, body);
  return element('tr', {}, element('td', {}, element('strong', {}, queue.name), queue.description ? element('div', { class: 'soft' }, queue.description) : null),
    element('td', { 'data-label': 'State' }, status(queue.is_paused, heard(queue, now))), element('td', { 'data-label': 'Last heard' }, ago(queue.last_polled) ?? element('span', { class: 'soft' }, 'never')),
    element('td', { class: 'number', 'data-label': 'Waiting' }, String(waiting), late ? [' ', link(`${late} late`, '/runs?state=late&since=all', { class: 'chip late' })] : null),
    element('td', { class: 'number', 'data-label': 'Priority' }, number(page, `priority-${queue.id}`, `Priority of ${queue.name}`, queue.priority, 1, (priority) => set({ priority }))),
    element('td', { class: 'number', 'data-label': 'Limit' }, limit(page, `limit-${queue.id}`, queue.concurrency_limit, set)),
    element('td', { class: 'actions' }, turn(page, path, queue), queue.id === pool.default_queue_id ? null
      : [' ', button('Delete', () => drop(page, path, queue), { class: 'danger', 'data-key': `drop-${queue.id}`, 'aria-label': `Delete the queue ${queue.name}` })]));
};

export const queueTable = (page, data, pool, queues) => table(['Queue', 'State', 'Last heard', '#Waiting', '#Priority', '#Limit', ''],
  element('tbody', {}, queues.map((queue) => line(page, pool, queue, data.waiting[queue.id] ?? [0, 0], data.now))));

export const queueForm = (page, pool, back) => {
  const name = element('input', { type: 'text', id: 'queue-name', autocomplete: 'off' });
  const description = element('input', { type: 'text', id: 'queue-description', autocomplete: 'off' });
  const most = element('input', { type: 'number', id: 'queue-limit', min: 0, step: 1, placeholder: 'no limit' });
  const wrong = element('p', { class: 'wrong', role: 'alert' });
  const submit = async (event) => {
    event.preventDefault();
    try {
      await post(`/work_pools/${encodeURIComponent(pool.name)}/queues`, { name: name.value.trim(), description: description.value.trim(), concurrency_limit: most.value === '' ? null : Number(most.value) });
      page.say('The queue is made.');
      page.go(back, { replace: true });
    } catch (error) {
      wrong.textContent = error.message;
    }
  };
  return element('form', { class: 'fields', id: 'queue-form', novalidate: true, submit }, field(name, 'Name of the queue'), field(description, 'Description'), field(most, 'Most runs at once'), wrong,
    element('div', { class: 'buttons' }, element('button', { type: 'submit', class: 'primary', id: 'save-queue' }, 'Make the queue'), link('Leave it', back, { class: 'button' })));
};
