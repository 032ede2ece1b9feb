// SPDX-License-Identifier: Apache-2.0
// A new block of a type.
import { blockForm } from './block_form.js';
import { byId, element } from './dom.js';
import { card, title } from './parts.js';
import { post } from './server_api.js';

export const show = async (page) => {
  const { type, schema, choices } = await page.ask(`/pages/block_types/${encodeURIComponent(page.parameters[0])}`);
  const save = async ({ name, data }) => {
    const made = await post('/block_documents', { name, data, block_type_id: type.id, block_schema_id: schema.id });
    page.say(`The block ${type.slug}/${made.name} is made.`);
    page.go(`/blocks/${made.id}`);
  };
  page.draw(`New ${type.name}`, title(`New ${type.name}`, { up: { href: '/blocks', text: 'Blocks' } }),
    card(type.name, type.description ? element('p', { class: 'soft' }, type.description) : null, blockForm({ fields: schema.fields, choices, save, back: '/blocks' })));
  byId('block-name').focus();
};
