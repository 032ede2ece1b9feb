// SPDX-License-Identifier: Apache-2.0
// All flows, by name: how their last runs ended, when the next one is.
import { element } from './dom.js';
import { pagedTable } from './paged_table.js';
import { card, chips, empty, flowHref, link, runHref, table, title } from './parts.js';
import { recent } from './recent.js';
import { queryOf } from './server_api.js';
import { STATES, badge, wordOf } from './states.js';
import { ago } from './when.js';

const soft = (text) => element('span', { class: 'soft' }, text);
const last = ([run]) => (run ? [link(badge(run), runHref(run.id), { class: 'plain-link' }), element('div', {}, ago(run.at))] : soft('never run'));

// How many runs of each state, each a way to them.
export const stateChips = (name, counts) => {
  const known = Object.fromEntries(Object.entries(counts).map(([type, count]) => [type.toLowerCase(), count]));
  return element('span', { class: 'chips' }, STATES.filter((kind) => known[kind]).map((kind) => element('a', {
    class: `chip ${kind}`, href: `/runs${queryOf({ flow: name, state: kind, since: 'all' })}` }, `${wordOf(kind)} ${known[kind].toLocaleString('en-GB')}`)));
};

const line = (page, own) => element('tr', {},
  element('td', {}, element('a', { class: 'name', href: flowHref(own.id), 'data-key': own.id }, own.name), ' ', chips(own.tags, (tag) => page.href({ tag })),
    element('div', { class: 'soft' }, own.deployments ? link(own.deployments === 1 ? '1 deployment' : `${own.deployments} deployments`, flowHref(own.id)) : 'no deployment')),
  element('td', { 'data-label': 'Last run' }, last(own.last_runs)),
  element('td', { 'data-label': 'Next run' }, ago(own.next_start)),
  element('td', { 'data-label': 'Last runs' }, own.last_runs.length ? recent(own.last_runs) : null),
  element('td', { 'data-label': 'Newest 500' }, Object.keys(own.counts).length ? stateChips(own.name, own.counts) : null));

const asked = (page, after = '') => `/pages/flows${queryOf({ q: page.query.get('q'), tag: page.query.get('tag'), after })}`;

const filters = (page) => {
  const of = (label, name) => {
    const input = element('input', { type: 'search', id: `filter-${name}`, value: page.query.get(name) ?? '', change: () => page.go(page.href({ [name]: input.value.trim() })) });
    return element('label', {}, label, input);
  };
  return element('form', { class: 'filters', 'aria-label': 'Filters', submit: (event) => event.preventDefault() }, of('Words in the name', 'q'), of('Tag', 'tag'));
};

const nothing = (page) => ([...page.query.keys()].length ? empty('No flow fits', element('a', { href: '/flows' }, 'Take the filters away'))
  : empty('No flow yet', 'A flow is here once it has run or has a deployment.'));

export const show = async (page) => {
  const body = element('tbody');
  const list = table(['Flow', 'Last run', 'Next run', 'Last runs', 'Newest 500 by state'], body);
  const { pager, draw } = pagedTable(page, { list, body, ask: (after) => page.ask(asked(page, after)), rows: (answer) => answer.flows, line: (own) => line(page, own), nothing: () => nothing(page) });
  let drawn = false;
  await page.live(() => page.ask(asked(page)), (answer) => {
    draw(answer);
    if (!drawn) page.draw('Flows', title('Flows'), filters(page), card('Flows', list, pager));
    drawn = true;
  }, 10);
};
