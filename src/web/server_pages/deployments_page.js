// SPDX-License-Identifier: Apache-2.0
// All deployments, by name: when they run, how their last runs ended.
import { element } from './dom.js';
import { button, card, chips, choice, deploymentHref, empty, link, redraw, runHref, title } from './parts.js';
import { scheduleWords } from './schedule_words.js';
import { queryOf } from './server_api.js';
import { kindOf } from './states.js';
import { ago, duration } from './when.js';

// The last runs as bars, the oldest first; their height is how long they took beside the others.
const recent = (runs) => {
  const most = Math.max(...runs.map((run) => run.total_run_time), 0.001);
  return element('span', { class: 'recent', role: 'group', 'aria-label': 'Last runs' }, [...runs].reverse().map((run) => {
    const kind = kindOf(run.state_type, run.state_name);
    const words = `${run.name}: ${run.state_name ?? kind}, ${duration(run.total_run_time)}`;
    return element('a', { class: `${kind} h${Math.max(1, Math.ceil((5 * run.total_run_time) / most))}`, href: runHref(run.id), title: words, 'aria-label': words });
  }));
};

const line = (page, own) => element('tr', {},
  element('td', {}, element('a', { class: 'name', href: deploymentHref(own.id), 'data-key': own.id }, own.name), ' ', own.paused ? element('span', { class: 'chip' }, 'paused') : null,
    element('div', { class: 'soft' }, link(own.flow_name, `/runs${queryOf({ flow: own.flow_name })}`), ' ', chips(own.tags, (tag) => page.href({ tag, after: '' })))),
  element('td', { 'data-label': 'Schedule' }, own.schedules.length ? own.schedules.map((one) => element('div', { class: one.active ? null : 'soft' }, scheduleWords(one.schedule), one.active ? '' : ' (off)')) : element('span', { class: 'soft' }, 'none')),
  element('td', { 'data-label': 'Next run' }, ago(own.next_start)),
  element('td', { 'data-label': 'Last runs' }, own.last_runs.length ? recent(own.last_runs) : element('span', { class: 'soft' }, 'never run')),
  element('td', { 'data-label': 'Work pool' }, own.work_pool_name ? [link(own.work_pool_name, '/work'), element('small', {}, ` ${own.work_queue_name ?? ''}`)] : element('span', { class: 'soft' }, 'none')));

const asked = (page, after = '') => `/pages/deployments${queryOf({ q: page.query.get('q'), tag: page.query.get('tag'), paused: page.query.get('paused'), after })}`;

const filters = (page) => {
  const set = (name) => (value) => page.go(page.href({ [name]: value.trim() }));
  const field = (label, name) => {
    const input = element('input', { type: 'search', id: `filter-${name}`, value: page.query.get(name) ?? '', change: () => set(name)(input.value) });
    return element('label', {}, label, input);
  };
  return element('form', { class: 'filters', 'aria-label': 'Filters', submit: (event) => event.preventDefault() }, field('Words in the name', 'q'), field('Tag', 'tag'),
    choice('Schedules', [['', 'Any'], ['false', 'Not paused'], ['true', 'Paused']], page.query.get('paused') ?? '', set('paused'), { id: 'filter-paused' }));
};

const nothing = (page) => ([...page.query.keys()].length ? empty('No deployment fits', element('a', { href: '/deployments' }, 'Take the filters away'))
  : empty('No deployment yet', element('pre', {}, 'prefect deployment build my_flow.py:my_flow -n nightly --cron "0 0 * * *" --apply')));

export const show = async (page) => {
  const body = element('tbody');
  const table = element('table', { class: 'fold' }, element('thead', {}, element('tr', {}, ['Name', 'Schedule', 'Next run', 'Last runs', 'Work pool'].map((name) => element('th', { scope: 'col' }, name)))), body);
  const pager = element('div', { class: 'pager' });
  const pagerOf = (answer) => {
    const next = async () => {
      const more = await page.ask(asked(page, answer.deployments.at(-1).cursor));
      const from = body.children.length;
      body.append(...more.deployments.map((own) => line(page, own)));
      body.children[from]?.querySelector('a')?.focus();
      pagerOf(more);
    };
    pager.replaceChildren(answer.more ? button('Show more', next, { id: 'more' }) : '');
  };
  let drawn = false;
  await page.live(() => page.ask(asked(page)), (answer) => {
    redraw(body, ...answer.deployments.map((own) => line(page, own)));
    table.hidden = !answer.deployments.length;
    pagerOf(answer);
    if (!answer.deployments.length) pager.replaceChildren(nothing(page));
    if (!drawn) page.draw('Deployments', title('Deployments'), filters(page), card('Deployments', table, pager));
    drawn = true;
  }, 10);
};
