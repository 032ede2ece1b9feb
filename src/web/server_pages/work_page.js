// SPDX-License-Identifier: Apache-2.0
// Work pools with their queues and workers: who was heard last, what waits, pauses and limits.
import { element, facts } from './dom.js';
import { badge } from './states.js';
import { button, card, empty, link, redraw, title } from './parts.js';
import { patch, queryOf } from './server_api.js';
import { ago } from './when.js';

const RECENT = 60000;

const status = (paused, alive) => {
  if (paused) return badge({ state_type: 'PAUSED', state_name: 'Paused' });
  return alive ? badge({ state_type: 'COMPLETED', state_name: 'Online' }) : badge({ state_type: 'CANCELLED', state_name: 'Offline' });
};

// A limit that is changed where it stands; empty means none.
const limit = (page, key, value, save) => {
  const input = element('input', { type: 'number', min: 0, step: 1, value: value ?? '', placeholder: 'none', 'data-key': key, 'aria-label': 'Most runs at once', class: 'limit' });
  input.addEventListener('change', () => page.act(() => save(input.value === '' ? null : Number(input.value)), 'The limit is set.'));
  return input;
};

const queueLine = (page, pool, queue, [waiting, late]) => {
  const path = `/work_pools/${encodeURIComponent(pool.name)}/queues/${encodeURIComponent(queue.name)}`;
  const alive = queue.last_polled && Date.now() - new Date(queue.last_polled) < RECENT;
  return element('tr', {}, element('td', {}, element('strong', {}, queue.name), queue.description ? element('div', { class: 'soft' }, queue.description) : null),
    element('td', { 'data-label': 'State' }, status(queue.is_paused, alive)), element('td', { 'data-label': 'Last heard' }, ago(queue.last_polled) ?? element('span', { class: 'soft' }, 'never')),
    element('td', { class: 'number', 'data-label': 'Waiting' }, String(waiting), late ? [' ', link(`${late} late`, '/runs?state=late&since=all', { class: 'chip late' })] : null),
    element('td', { class: 'number', 'data-label': 'Priority' }, String(queue.priority ?? '')),
    element('td', { 'data-label': 'Limit' }, limit(page, `limit-${queue.id}`, queue.concurrency_limit, (value) => patch(path, { concurrency_limit: value }))),
    element('td', { class: 'actions' }, button(queue.is_paused ? 'Resume' : 'Pause', () => page.act(() => patch(path, { is_paused: !queue.is_paused }), queue.is_paused ? 'The queue hands out runs again.' : 'The queue hands out nothing.'),
      { 'data-key': `pause-${queue.id}`, 'aria-label': `${queue.is_paused ? 'Resume' : 'Pause'} the queue ${queue.name}` })));
};

const worker = (own) => element('li', {}, status(false, own.online), element('span', {}, own.name), ago(own.last_heartbeat_time));

const pool = (page, data, own) => {
  const queues = data.queues.filter((queue) => queue.work_pool_id === own.id);
  const workers = data.workers.filter((one) => one.work_pool_id === own.id);
  const path = `/work_pools/${encodeURIComponent(own.name)}`;
  const alive = workers.some((one) => one.online) || queues.some((queue) => queue.last_polled && new Date(data.now) - new Date(queue.last_polled) < RECENT);
  return card([own.name, element('span', { class: 'more row' }, status(own.is_paused, alive),
    button(own.is_paused ? 'Resume' : 'Pause', () => page.act(() => patch(path, { is_paused: !own.is_paused }), own.is_paused ? 'The pool hands out runs again.' : 'The pool hands out nothing.'),
      { 'data-key': `pause-${own.id}`, 'aria-label': `${own.is_paused ? 'Resume' : 'Pause'} the pool ${own.name}` }))],
  facts([['Type', own.type], ['Description', own.description], ['Runs now', own.active_slots ? link(String(own.active_slots), `/runs${queryOf({ state: 'running,pending', since: 'all' })}`) : '0'],
    ['Most at once', limit(page, `limit-${own.id}`, own.concurrency_limit, (value) => patch(path, { concurrency_limit: value }))]]),
  element('h3', {}, 'Queues'), element('table', { class: 'fold' }, element('thead', {}, element('tr', {}, ['Queue', 'State', 'Last heard', 'Waiting', 'Priority', 'Limit', ''].map((name) => element('th', { scope: 'col', class: ['Waiting', 'Priority'].includes(name) ? 'number' : null }, name)))),
    element('tbody', {}, queues.map((queue) => queueLine(page, own, queue, data.waiting[queue.id] ?? [0, 0])))),
  workers.length ? [element('h3', {}, 'Workers'), element('ul', { class: 'workers' }, workers.map(worker))] : null);
};

export const show = async (page) => {
  const body = element('div');
  let drawn = false;
  await page.live(() => page.ask('/pages/work'), (data) => {
    redraw(body, data.pools.length ? data.pools.map((own) => pool(page, data, own)) : card('Work pools', empty('No work pool yet', element('pre', {}, 'prefect work-pool create -t process my-pool'))));
    if (!drawn) page.draw('Work pools', title('Work pools'), body);
    drawn = true;
  }, 5);
};
