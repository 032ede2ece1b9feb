// SPDX-License-Identifier: Apache-2.0
// A block: what it holds but for its secrets, changed by the form of its type.
import { blockForm } from './block_form.js';
import { element, facts } from './dom.js';
import { button, card, confirm, title } from './parts.js';
import { patch, remove } from './server_api.js';
import { at } from './when.js';

const drop = async (page, document) => {
  if (!(await confirm({ heading: `Delete ${document.name}?`, text: 'Flows that load it will fail.', yes: 'Delete the block' }))) return;
  await page.act(async () => {
    await remove(`/block_documents/${document.id}`);
    page.go('/blocks');
  }, 'The block is deleted.');
};

export const show = async (page) => {
  const id = encodeURIComponent(page.parameters[0]);
  const { document, choices } = await page.ask(`/pages/blocks/${id}`);
  const type = document.block_type;
  const save = async ({ data }) => {
    await patch(`/block_documents/${document.id}`, { data, block_schema_id: document.block_schema_id, merge_existing_data: false });
    page.say('The block is saved.');
    page.go(`/blocks/${document.id}`, { replace: true });
  };
  page.draw(document.name, title(document.name, { up: { href: '/blocks', text: 'Blocks' }, beside: button('Delete', () => drop(page, document), { class: 'danger', id: 'delete' }) }),
    element('div', { class: 'columns wide-narrow' },
      card(type.name, blockForm({ fields: document.block_schema.fields, document, choices, save, back: '/blocks' })),
      card('About', facts([['Type', type.name], ['Name for clients', element('code', {}, `${type.slug}/${document.name}`)], ['Made', at(document.created)], ['Changed', at(document.updated)], ['Id', element('code', {}, document.id)]]),
        type.description ? element('p', { class: 'soft' }, type.description) : null)));
};
