// SPDX-License-Identifier: Apache-2.0
// Work pools with their queues and workers: who was heard last, what waits, pauses and limits; a new pool by a form.
import { element, facts } from './dom.js';
import { button, card, empty, link, poolHref, redraw, title } from './parts.js';
import { poolForm } from './pool_form.js';
import { poolTypes } from './pool_types.js';
import { heard, limit, queueTable, status } from './queue_table.js';
import { patch, post, queryOf } from './server_api.js';
import { ago } from './when.js';

export const pathOf = (pool) => `/work_pools/${encodeURIComponent(pool.name)}`;
export const workerLine = (own, more = null) => element('li', {}, status(false, own.online), element('span', {}, own.name), ago(own.last_heartbeat_time), more);

// Whether somebody asked for its runs lately, and the button that stops or starts handing them out.
export const poolState = (page, pool, { workers, queues, now }) => [status(pool.is_paused, workers.some((one) => one.online) || queues.some((queue) => heard(queue, now))),
  button(pool.is_paused ? 'Resume' : 'Pause', () => page.act(() => patch(pathOf(pool), { is_paused: !pool.is_paused }), pool.is_paused ? 'The pool hands out runs again.' : 'The pool hands out nothing.'),
    { 'data-key': `pause-${pool.id}`, 'aria-label': `${pool.is_paused ? 'Resume' : 'Pause'} the pool ${pool.name}` })];

export const poolFacts = (page, pool) => [['Type', pool.type], ['Description', pool.description],
  ['Runs now', pool.active_slots ? link(String(pool.active_slots), `/runs${queryOf({ state: 'running,pending', since: 'all' })}`) : '0'],
  ['Most at once', limit(page, `limit-${pool.id}`, pool.concurrency_limit, (body) => patch(pathOf(pool), body))]];

const poolCard = (page, data, pool) => {
  const queues = data.queues.filter((queue) => queue.work_pool_id === pool.id);
  const workers = data.workers.filter((one) => one.work_pool_id === pool.id);
  return card([link(pool.name, poolHref(pool.name)), element('span', { class: 'more row' }, poolState(page, pool, { workers, queues, now: data.now }))], facts(poolFacts(page, pool)),
    element('h3', {}, 'Queues'), queueTable(page, data, pool, queues), workers.length ? [element('h3', {}, 'Workers'), element('ul', { class: 'workers' }, workers.map((own) => workerLine(own)))] : null);
};

const newPool = (page, types) => card('New work pool', poolForm({ types, back: '/work-pools', save: async (body) => {
  await post('/work_pools', body);
  page.say('The pool is made.');
  page.go(poolHref(body.name), { replace: true });
} }));

export const show = async (page) => {
  const made = page.query.has('new') ? newPool(page, await poolTypes()) : null;
  const body = element('div');
  let drawn = false;
  await page.live(() => page.ask('/pages/work'), (data) => {
    redraw(body, data.pools.length ? data.pools.map((own) => poolCard(page, data, own)) : card('Work pools', empty('No work pool yet', element('pre', {}, 'prefect work-pool create -t process my-pool'))));
    if (!drawn) page.draw('Work pools', title('Work pools', { beside: link('New work pool', '/work-pools?new=1', { class: 'button primary', id: 'new-pool' }) }), made, body);
    drawn = true;
  }, 5);
  made?.querySelector('input').focus();
};
