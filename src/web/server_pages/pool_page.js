// SPDX-License-Identifier: Apache-2.0
// A work pool: its queues and workers, what runs and waits in it, its deployments, and what its jobs begin with.
import { deploymentLine, deploymentTable } from './deployment_table.js';
import { element, facts } from './dom.js';
import { button, card, confirm, link, poolHref, redraw, runList, title } from './parts.js';
import { poolForm } from './pool_form.js';
import { queueForm, queueTable } from './queue_table.js';
import { patch, remove } from './server_api.js';
import { at } from './when.js';
import { pathOf, poolFacts, poolState, workerLine } from './work_page.js';

const drop = async (page, pool) => {
  if (!(await confirm({ heading: `Delete ${pool.name}?`, text: 'Its queues go with it; its deployments stay, and no worker takes their runs.', yes: 'Delete the pool' }))) return;
  await page.act(async () => {
    await remove(pathOf(pool));
    page.again = null;
    page.go('/work-pools');
  }, 'The pool is deleted.');
};

const head = (page, data) => title(data.pool.name, { up: { href: '/work-pools', text: 'Work pools' }, beside: [poolState(page, data.pool, data),
  link('Edit', page.href({ edit: '1', queue: '' }), { class: 'button', id: 'edit' }), button('Delete', () => drop(page, data.pool), { class: 'danger', id: 'delete' })] });

const start = ({ name, type }) => (type === 'prefect-agent' ? ['Start an agent: ', element('code', {}, 'tidemill agent start -q default')] : ['Start a worker: ', element('code', {}, `tidemill worker start -p ${name}`)]);
// One that is gone for good; one that lives is back with its next heartbeat.
const forget = (page, pool, own) => button('Forget', () => page.act(() => remove(`${pathOf(pool)}/workers/${encodeURIComponent(own.name)}`), 'The worker is forgotten.'),
  { class: 'plain', 'data-key': `forget-${own.name}`, 'aria-label': `Forget the worker ${own.name}` });
const workers = (page, data) => card('Workers', data.workers.length ? element('ul', { class: 'workers' }, data.workers.map((own) => workerLine(own, forget(page, data.pool, own)))) : element('p', { class: 'state' }, 'None has been heard. ', start(data.pool)));

const queues = (page, data) => card(['Queues', link('Add one', page.href({ queue: 'new', edit: '' }), { class: 'more', id: 'add-queue' })], queueTable(page, data, data.pool, data.queues));
const lists = (data) => [
  data.running.length ? card('Running now', runList(data.running, 'Running now')) : null,
  card('Waiting', data.next.length ? runList(data.next, 'Waiting runs') : element('p', { class: 'state' }, 'Nothing waits.')),
  card('Deployments', data.deployments.length ? deploymentTable(element('tbody', {}, data.deployments.map((own) => deploymentLine(own)))) : element('p', { class: 'state' }, 'None uses this pool.'))];

const shown = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
const defaults = ({ pool }) => {
  const known = Object.entries(pool.base_job_template.variables?.properties ?? {}).filter(([, own]) => own.default !== undefined && own.default !== null);
  return card('Jobs begin with', known.length ? facts(known.map(([name, own]) => [own.title ?? name, element('code', {}, own.format === 'password' ? '********' : shown(own.default))])) : element('p', { class: 'state' }, 'No defaults.'));
};
const about = (page, { pool }) => card('About', facts([...poolFacts(page, pool), ['Made', at(pool.created)], ['Changed', at(pool.updated)], ['Id', element('code', {}, pool.id)]]));

// The form that the address asks for; made once, so that what is written in it stays.
const formOf = (page, { pool }) => {
  const back = poolHref(pool.name);
  if (page.query.get('queue') === 'new') return card('New queue', queueForm(page, pool, back));
  if (!page.query.has('edit')) return null;
  return card('Edit the pool', poolForm({ pool, back, save: async (body) => {
    await patch(pathOf(pool), body);
    page.say('The pool is saved.');
    page.go(back, { replace: true });
  } }));
};

export const show = async (page) => {
  const [top, form, wide, main, aside] = ['div', 'div', 'div', 'div', 'div'].map((name) => element(name));
  let drawn = false;
  await page.live(() => page.ask(`/pages/work/${encodeURIComponent(page.parameters[0])}`), (data) => {
    redraw(top, head(page, data));
    redraw(wide, queues(page, data));
    redraw(main, ...lists(data));
    redraw(aside, workers(page, data), about(page, data), defaults(data));
    if (drawn) return;
    const own = formOf(page, data);
    if (own) form.append(own);
    page.draw(data.pool.name, top, form, wide, element('div', { class: 'columns wide-narrow' }, main, aside));
    drawn = true;
    own?.querySelector('input').focus();
  }, 5);
};
