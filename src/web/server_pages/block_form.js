// SPDX-License-Identifier: Apache-2.0
// The form of a block, new or known. Secrets only go to the server.
import { element } from './dom.js';
import { link } from './parts.js';
import { SchemaForm } from './schema_form.js';

const nameField = () => {
  const input = element('input', { type: 'text', id: 'block-name', name: 'block-name', autocomplete: 'off', required: true, pattern: '[a-z0-9\\-]+', 'aria-describedby': 'block-name-hint', spellcheck: 'false' });
  return [input, element('div', { class: 'field' }, element('label', { for: 'block-name' }, 'Name of the block', element('span', { class: 'must' }, ' *')),
    element('p', { class: 'hint', id: 'block-name-hint' }, 'Lower-case letters, digits and dashes.'), input)];
};

const referencesOf = (document) => Object.fromEntries(Object.entries(document?.block_document_references ?? {}).map(([name, own]) => [name, own.block_document?.id]));

// fields: the schema; document: the known block or null; save({ name, data }) sends it.
export const blockForm = ({ fields, document = null, choices, save, back }) => {
  const data = document?.data ?? {};
  const form = new SchemaForm(fields, { values: data, references: referencesOf(document), choices, secrets: fields.secret_fields ?? [] });
  const [name, nameRow] = document ? [null, null] : nameField();
  const wrong = element('p', { class: 'wrong', role: 'alert' });
  const button = element('button', { type: 'submit', class: 'primary', id: 'save-block' }, document ? 'Save the block' : 'Make the block');
  // What stands in the block and in no field of the form stays as it is.
  const others = Object.fromEntries(Object.entries(data).filter(([key]) => !(key in (fields.properties ?? {}))));
  const submit = async (event) => {
    event.preventDefault();
    const values = form.read();
    if (values === null) return;
    button.disabled = true;
    try {
      await save({ name: name?.value, data: { ...others, ...values } });
    } catch (error) {
      wrong.textContent = error.message;
    }
    button.disabled = false;
  };
  return element('form', { class: 'fields', id: 'block-form', novalidate: true, submit, autocomplete: 'off' }, nameRow, form.element, wrong, element('div', { class: 'buttons' }, button, link('Leave it', back, { class: 'button' })));
};
