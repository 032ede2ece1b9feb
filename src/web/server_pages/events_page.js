// SPDX-License-Identifier: Apache-2.0
// What happened, newest first: states of runs, what clients and hooks told; by the begin of its name, its thing and time.
import { element } from './dom.js';
import { button, card, choice, deploymentHref, empty, flowHref, redraw, runHref, title } from './parts.js';
import { ask } from './server_api.js';
import { kindOf } from './states.js';
import { ago } from './when.js';

const LIMIT = 50;
const TIMES = [['3600', 'Last hour'], ['86400', 'Last 24 hours'], ['604800', 'Last 7 days'], ['2592000', 'Last 30 days']];
const DEFAULT = '86400';
const PAGES = { 'prefect.flow-run.': runHref, 'prefect.flow.': flowHref, 'prefect.deployment.': deploymentHref };

const hrefOf = (id) => {
  const prefix = Object.keys(PAGES).find((own) => id.startsWith(own));
  return prefix ? PAGES[prefix](encodeURIComponent(id.slice(prefix.length))) : null;
};
const resource = (own) => {
  const id = own['prefect.resource.id'] ?? '';
  const href = hrefOf(id);
  const name = own['prefect.resource.name'] ?? id.replace(/^prefect\.tag\./, '');
  return href ? element('a', { href }, name) : element('span', { class: 'mono' }, name);
};

const line = (event) => element('li', { class: `event ${kindOf(event.resource['prefect.state-type'], event.resource['prefect.state-name'])}` },
  element('div', {}, element('strong', {}, event.event), ' ', resource(event.resource),
    event.related?.length ? element('span', { class: 'from' }, event.related.slice(0, 6).map((own) => [' · ', resource(own)])) : null,
    element('details', {}, element('summary', { 'data-key': event.id }, 'All of it'), element('pre', {}, JSON.stringify(event, null, 2)))),
  element('div', { class: 'times' }, ago(event.occurred)));

const filterOf = (page, before) => {
  const name = page.query.get('event');
  const id = page.query.get('resource');
  const since = new Date(Date.now() - Number(page.query.get('since') ?? DEFAULT) * 1000).toISOString();
  return { occurred: { since, until: before ?? new Date(Date.now() + 60000).toISOString() }, order: 'DESC',
    ...(name ? { event: { prefix: [name] } } : {}), ...(id ? { resource: { id_prefix: [id] } } : {}) };
};

const filters = (page) => {
  const field = (label, name, hint) => {
    const input = element('input', { type: 'search', id: `filter-${name}`, value: page.query.get(name) ?? '', placeholder: hint, autocomplete: 'off', change: () => page.go(page.href({ [name]: input.value.trim() })) });
    return element('label', {}, label, input);
  };
  return element('form', { class: 'filters', 'aria-label': 'Filters', submit: (event) => event.preventDefault() }, field('Name begins with', 'event', 'prefect.flow-run.'), field('Thing begins with', 'resource', 'prefect.deployment.'),
    choice('Time', TIMES, page.query.get('since') ?? DEFAULT, (value) => page.go(page.href({ since: value === DEFAULT ? '' : value })), { id: 'filter-since' }));
};

export const show = async (page) => {
  const list = element('ul', { class: 'runs events', 'aria-label': 'Events' });
  const state = element('div', { class: 'pager' });
  const load = (before) => ask('/events/filter', { method: 'POST', body: { filter: filterOf(page, before), limit: LIMIT }, signal: page.leaving.signal });
  let shown = [];
  // By the time of the last one, not by counting: those of the same instant are known by their ids.
  const more = () => page.act(async () => {
    const answer = await load(shown.at(-1).occurred);
    const fresh = answer.events.filter((own) => !shown.some((known) => known.id === own.id));
    shown = [...shown, ...fresh];
    list.append(...fresh.map(line));
    pager(answer.events.length === LIMIT && fresh.length > 0);
  });
  const pager = (left) => state.replaceChildren(left ? button('Show more', more, { id: 'more' }) : shown.length ? '' : empty('No event in this time'));
  let drawn = false;
  await page.live(() => (shown.length > LIMIT ? { events: shown } : load()), (answer) => {
    if (shown.length > LIMIT || list.querySelector('details[open]')) return;  // who reads on is not thrown back
    shown = answer.events;
    redraw(list, ...shown.map(line));
    pager(shown.length === LIMIT);
    if (!drawn) page.draw('Events', title('Events'), filters(page), card('Events', list, state));
    drawn = true;
  }, 5);
};
