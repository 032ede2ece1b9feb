// SPDX-License-Identifier: Apache-2.0
// What the server was started with, how long it keeps things, how its background services do.
import { element, facts, svg } from './dom.js';
import { card, copied, link, redraw, table, title } from './parts.js';
import { unitOf } from './schedule_words.js';
import { badge } from './states.js';
import { ago, at } from './when.js';

const UNITS = [['GiB', 30], ['MiB', 20], ['KiB', 10]];
const bytes = (count) => {
  const [unit, power] = UNITS.find(([, own]) => count >= 2 ** own) ?? ['bytes', 0];
  const amount = count / 2 ** power;
  return `${amount.toLocaleString('en-GB', { maximumFractionDigits: amount < 10 ? 1 : 0 })} ${unit}`;
};

const server = (page, data) => card('Server', facts([['Program', data.program], ['Started', at(data.started)], ['Data', element('code', {}, data.folder)],
  ['Password', data.password ? 'asked of everybody' : 'none is asked: only this machine should reach the server'],
  ['Key of secrets', data.own_secret_key ? 'a file in the data folder' : 'given at the start'],
  ['Host names', data.allowed_hosts.length ? data.allowed_hosts.join(', ') : 'of this machine only'],
  ['Database may be emptied', data.allow_clear ? 'yes, over the API' : null]]),
element('h3', {}, 'Clients find it by'), copied(page, `prefect config set PREFECT_API_URL=${location.origin}/api`));

const size = ({ used_bytes: used, most_bytes: most }) => {
  if (!most) return `${bytes(used)}, no limit`;
  return [svg('svg', { class: 'meter', 'aria-hidden': 'true' }, svg('rect', { width: '100%', height: '100%', rx: 3 }), svg('rect', { class: 'used', width: `${Math.min(100, (100 * used) / most)}%`, height: '100%', rx: 3 })), ` ${bytes(used)} of ${bytes(most)}`];
};
const KEPT = [['runs', 'Ended runs', ', and the last ten of each deployment'], ['logs', 'Log lines', ''], ['events', 'Events', ''], ['artifacts', 'Artifacts', ' after a newer one of their key']];
const kept = (data) => card('What is kept', facts([['Database', size(data)], ...KEPT.map(([name, words, more]) => [words, `${data.kept_days[name]} days${more}`])]),
  element('p', { class: 'soft' }, 'Beyond its limit the database loses its oldest logs, then events, then ended runs: ', link('an event says so', '/events?event=tidemill.database.&since=2592000'), '.'));

const each = (seconds) => {
  if (!seconds) return 'when it has grown';
  const [count, unit] = unitOf(seconds);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
};
const words = (name) => name[0].toUpperCase() + name.slice(1);
const state = (own, run) => {
  if (own.problem) return [badge({ state_type: 'FAILED', state_name: 'Failed' }), element('div', { class: 'wrong' }, own.problem)];
  return run ? badge({ state_type: 'COMPLETED', state_name: 'Works' }) : badge({ state_type: 'CANCELLED', state_name: 'Off' });
};
const services = (data) => card('Background services', data.services_run ? null : element('p', { class: 'state' }, 'Off: the server was started with --no-services. Nothing is planned, marked late or deleted by the clock.'),
  table(['Service', 'State', 'Last round', '#Every'], element('tbody', {}, data.services.map((own) => element('tr', {}, element('td', {}, words(own.name.replace(/^the /, ''))),
    element('td', { 'data-label': 'State' }, state(own, data.services_run)), element('td', { 'data-label': 'Last round' }, ago(own.ran) ?? (own.every_seconds ? element('span', { class: 'soft' }, 'none yet') : '')),
    element('td', { class: 'number', 'data-label': 'Every' }, each(own.every_seconds)))))));

export const show = async (page) => {
  const body = element('div');
  let drawn = false;
  await page.live(() => page.ask('/pages/settings'), (data) => {
    redraw(body, element('div', { class: 'columns' }, server(page, data), kept(data)), services(data));
    if (!drawn) page.draw('Settings', title('Settings'), body);
    drawn = true;
  }, 5);
};
