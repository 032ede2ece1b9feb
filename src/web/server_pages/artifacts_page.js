// SPDX-License-Identifier: Apache-2.0
// What runs left: reports, tables, links; newest first.
import { element } from './dom.js';
import { pagedTable } from './paged_table.js';
import { card, empty, link, runHref, table, title } from './parts.js';
import { queryOf } from './server_api.js';
import { ago } from './when.js';

const line = (page, own) => element('tr', {}, element('td', {}, element('a', { class: 'name', href: `/artifacts/${own.id}` }, own.key ?? own.type ?? 'artifact'), own.description ? element('div', { class: 'soft' }, own.description.slice(0, 160)) : null),
  element('td', { 'data-label': 'Kind' }, own.type ?? ''), element('td', { 'data-label': 'Run' }, own.flow_run_id && own.flow_run_name ? link(own.flow_run_name, runHref(own.flow_run_id)) : ''),
  element('td', { 'data-label': 'Made' }, ago(own.created)), element('td', { class: 'actions' }, own.key && !page.query.get('key') ? link('All of this key', page.href({ key: own.key })) : ''));

export const show = async (page) => {
  const key = page.query.get('key');
  const ask = (after = '') => page.ask(`/pages/artifacts${queryOf({ key, after })}`);
  const body = element('tbody');
  const list = table(['Artifact', 'Kind', 'Run', 'Made', ''], body);
  const { pager, draw } = pagedTable(page, { list, body, ask, rows: (answer) => answer.artifacts, line: (own) => line(page, own), nothing: () => empty('No artifact yet') });
  draw(await ask());
  page.draw('Artifacts', title(key ?? 'Artifacts', key ? { up: { href: '/artifacts', text: 'Artifacts' } } : {}), card('Artifacts', list, pager));
};
