// SPDX-License-Identifier: Apache-2.0
// Blocks: what holds credentials and places, and the types that new ones can be made of.
import { element } from './dom.js';
import { button, card, empty, link, table, title } from './parts.js';
import { queryOf } from './server_api.js';
import { ago } from './when.js';

const line = (own) => element('tr', {}, element('td', {}, element('a', { class: 'name', href: `/blocks/${own.id}` }, own.name), element('div', { class: 'soft' }, own.type_name)),
  element('td', { 'data-label': 'Name for clients' }, element('code', {}, `${own.type_slug}/${own.name}`)), element('td', { 'data-label': 'Changed' }, ago(own.updated)));

const documents = (page, first) => {
  const body = element('tbody', {}, first.documents.map(line));
  const pager = element('div', { class: 'pager' });
  const pagerOf = (answer) => {
    const next = async () => {
      const { page: more } = await page.ask(`/pages/blocks${queryOf({ after: answer.documents.at(-1).cursor })}`);
      body.append(...more.documents.map(line));
      pagerOf(more);
    };
    pager.replaceChildren(answer.more ? button('Show more', next) : '');
  };
  pagerOf(first);
  return [table(['Block', 'Name for clients', 'Changed'], body), pager];
};

const kind = (type) => element('li', {}, element('strong', {}, type.name), element('p', {}, type.description ?? ''),
  type.has_schema ? link(`New ${type.name}`, `/blocks/new/${encodeURIComponent(type.slug)}`, { class: 'button', 'aria-label': `New block of type ${type.name}` })
    : element('span', { class: 'soft' }, 'Its client has registered no fields of it.'));

export const show = async (page) => {
  const { page: first, types } = await page.ask('/pages/blocks');
  const none = empty('No type of block is known yet', 'The client that defines a type registers it:', element('pre', {}, 'prefect block register -m prefect_gcp'));
  page.draw('Blocks', title('Blocks'),
    card('Blocks', first.documents.length ? documents(page, first) : element('p', { class: 'state' }, types.length ? 'None yet. Make one of a type below.' : 'None yet.')),
    card('Make a new one', types.length ? element('ul', { class: 'kinds' }, types.map(kind)) : none));
};
