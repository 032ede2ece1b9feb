// SPDX-License-Identifier: Apache-2.0
// Variables: small values that flows read by name.
import { element } from './dom.js';
import { pagedTable } from './paged_table.js';
import { button, card, chips, confirm, empty, link, table, title } from './parts.js';
import { patch, post, queryOf, remove } from './server_api.js';
import { ago } from './when.js';

const shown = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
// A text unless it reads as another kind of JSON.
const meant = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const drop = async (change, own) => {
  if (!(await confirm({ heading: `Delete ${own.name}?`, text: 'Flows that read it will not find it.', yes: 'Delete the variable' }))) return;
  await change(() => remove(`/variables/${own.id}`), 'The variable is deleted.');
};

const line = (page, own, change) => element('tr', {}, element('td', {}, element('strong', {}, own.name), ' ', chips(own.tags)),
  element('td', { 'data-label': 'Value' }, element('code', {}, shown(own.value).slice(0, 400))), element('td', { 'data-label': 'Changed' }, ago(own.updated)),
  element('td', { class: 'actions' }, link('Edit', page.href({ edit: own.name }), { class: 'button', 'aria-label': `Edit ${own.name}` }), ' ', button('Delete', () => drop(change, own), { class: 'danger', 'aria-label': `Delete ${own.name}` })));

const variableForm = (page, known) => {
  const name = element('input', { type: 'text', id: 'variable-name', value: known?.name ?? '', required: true, autocomplete: 'off', disabled: known ? true : false });
  const value = element('textarea', { id: 'variable-value', class: 'mono', spellcheck: 'false' }, known ? shown(known.value) : '');
  const tags = element('input', { type: 'text', id: 'variable-tags', value: (known?.tags ?? []).join(', '), autocomplete: 'off' });
  const wrong = element('p', { class: 'wrong', role: 'alert' });
  const submit = async (event) => {
    event.preventDefault();
    const body = { value: meant(value.value), tags: tags.value.split(',').map((tag) => tag.trim()).filter(Boolean) };
    try {
      await (known ? patch(`/variables/${known.id}`, body) : post('/variables', { name: name.value, ...body }));
      page.say('The variable is saved.');
      page.go(page.href({ edit: '' }), { replace: true });
    } catch (error) {
      wrong.textContent = error.message;
    }
  };
  const row = (id, text, input, hint) => element('div', { class: 'field' }, element('label', { for: id }, text), hint ? element('p', { class: 'hint' }, hint) : null, input);
  return card(known ? `Edit ${known.name}` : 'New variable', element('form', { class: 'fields', id: 'variable-form', novalidate: true, submit }, row('variable-name', 'Name', name), row('variable-value', 'Value', value, 'A text, or JSON.'),
    row('variable-tags', 'Tags', tags, 'Parted by commas.'), wrong, element('div', { class: 'buttons' }, element('button', { type: 'submit', class: 'primary' }, 'Save the variable'), link('Leave it', page.href({ edit: '' }), { class: 'button' }))));
};

export const show = async (page) => {
  const edit = page.query.get('edit');
  const ask = (after, more) => page.ask(`/pages/variables${queryOf({ after, ...more })}`);
  const body = element('tbody');
  const list = table(['Name', 'Value', 'Changed', ''], body);
  const own = pagedTable(page, { list, body, ask, rows: (answer) => answer.variables, line: (variable) => line(page, variable, own.change), nothing: () => empty('No variable yet') });
  let drawn = false;
  await page.live(() => ask('', drawn ? {} : { edit }), (answer) => {
    own.draw(answer);
    if (drawn) return;
    const form = answer.edited || edit === '+' ? variableForm(page, answer.edited) : null;
    page.draw('Variables', title('Variables', { beside: link('New variable', page.href({ edit: '+' }), { class: 'button primary', id: 'new-variable' }) }), form, card('Variables', list, own.pager));
    drawn = true;
    form?.querySelector('input:not([disabled]), textarea')?.focus();
  }, 10);
};
