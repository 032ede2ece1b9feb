// SPDX-License-Identifier: Apache-2.0
// All runs, newest first, by state, flow, deployment, tag, words and time; or those to come.
import { element } from './dom.js';
import { button, card, choice, empty, redraw, runLine, title } from './parts.js';
import { queryOf } from './server_api.js';
import { wordOf } from './states.js';

const TIMES = [['3600', 'Last hour'], ['86400', 'Last 24 hours'], ['604800', 'Last 7 days'], ['2592000', 'Last 30 days'], ['all', 'All time'], ['upcoming', 'To come']];
const DEFAULT = '604800';
const GROUPS = [['', 'Any'], ['late', 'Late'], ['failed,crashed', 'Failed or crashed'], ['running,pending,cancelling,paused', 'Running or about to'],
  ['completed', 'Completed'], ['cancelled', 'Cancelled'], ['paused', 'Paused'], ['scheduled', 'Scheduled']];

const named = (list, value) => (list.some(([own]) => own === value) ? list : [...list, [value, value.split(',').map(wordOf).join(', ')]]);
const timeOf = (page) => page.query.get('since') ?? DEFAULT;

const asked = (page, after = '') => {
  const since = timeOf(page);
  const of = (name) => page.query.get(name) ?? '';
  return `/pages/runs${queryOf({ state: of('state'), flow: of('flow'), deployment: of('deployment'), tag: of('tag'), q: of('q'), after,
    since: /^\d+$/.test(since) ? since : '', upcoming: since === 'upcoming' })}`;
};

// A text with the names that are there; Enter or leaving it sets the filter.
const words = (page, label, name, options) => {
  const input = element('input', { type: 'search', id: `filter-${name}`, name, value: page.query.get(name) ?? '', autocomplete: 'off',
    list: options ? `${name}-options` : null, change: () => page.go(page.href({ [name]: input.value.trim() })) });
  return element('label', {}, label, input, options ? element('datalist', { id: `${name}-options` }, options.map((own) => element('option', { value: own }))) : null);
};

const filters = (page, data) => {
  const since = timeOf(page);
  const times = TIMES.some(([own]) => own === since) ? TIMES : [...TIMES, [since, `Last ${Math.round(Number(since) / 3600)} hours`]];
  return element('form', { class: 'filters', 'aria-label': 'Filters', submit: (event) => event.preventDefault() },
    choice('State', named(GROUPS, page.query.get('state') ?? ''), page.query.get('state') ?? '', (value) => page.go(page.href({ state: value })), { id: 'filter-state' }),
    choice('Time', times, since, (value) => page.go(page.href({ since: value === DEFAULT ? '' : value })), { id: 'filter-since' }),
    words(page, 'Flow', 'flow', data.flows), words(page, 'Deployment', 'deployment', data.deployments),
    words(page, 'Tag', 'tag', data.tags), words(page, 'Words in the name', 'q'));
};

const isFiltered = (page) => ['state', 'flow', 'deployment', 'tag', 'q', 'since'].some((name) => page.query.has(name));
const nothing = (page) => (isFiltered(page) ? empty('No run fits these filters', element('a', { href: '/runs' }, 'Take the filters away'))
  : empty('No run in the last seven days', element('a', { href: '/runs?since=all' }, 'Look at all time')));

export const show = async (page) => {
  const list = element('ul', { class: 'runs', 'aria-label': 'Runs' });
  const pager = element('div', { class: 'pager' });
  const body = card('Runs', list, pager);
  let added = [];  // pages after the first
  const next = async (first) => {
    const last = (added.length ? added.at(-1) : first.page);
    const { page: more } = await page.ask(asked(page, last.runs.at(-1).cursor));
    added.push(more);
    const from = list.children.length;
    list.append(...more.runs.map(runLine));
    list.children[from]?.querySelector('a')?.focus();
    pager.replaceChildren(more.more ? button('Show more', () => page.act(() => next(first)), { id: 'more' }) : '');
  };
  let drawn = false;
  await page.live(() => page.ask(asked(page)), (data) => {
    const runs = data.page.runs;
    redraw(list, ...runs.map(runLine));
    added = [];
    pager.replaceChildren(data.page.more ? button('Show more', () => page.act(() => next(data)), { id: 'more' }) : '');
    if (!runs.length) pager.replaceChildren(nothing(page));
    if (!drawn) page.draw('Runs', title('Runs'), filters(page, data), body);
    drawn = true;
  }, 5);
};
