// SPDX-License-Identifier: Apache-2.0
// Variables: small values that flows read by name.
import { element } from './dom.js';
import { button, card, chips, confirm, empty, link, table, title } from './parts.js';
import { ask, patch, post, remove } from './server_api.js';
import { ago } from './when.js';

const MOST = 200;
const shown = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
// A text unless it reads as another kind of JSON.
const meant = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const drop = async (page, own, again) => {
  if (!(await confirm({ heading: `Delete ${own.name}?`, text: 'Flows that read it will not find it.', yes: 'Delete the variable' }))) return;
  await page.act(() => remove(`/variables/${own.id}`), 'The variable is deleted.');
  again();
};

const line = (page, own, again) => element('tr', {}, element('td', {}, element('strong', {}, own.name), ' ', chips(own.tags)),
  element('td', { 'data-label': 'Value' }, element('code', {}, shown(own.value).slice(0, 400))), element('td', { 'data-label': 'Changed' }, ago(own.updated)),
  element('td', { class: 'actions' }, link('Edit', page.href({ edit: own.name }), { class: 'button', 'aria-label': `Edit ${own.name}` }), ' ', button('Delete', () => drop(page, own, again), { class: 'danger', 'aria-label': `Delete ${own.name}` })));

const form = (page, known) => {
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
  const wanted = page.query.get('edit');
  const list = await ask('/variables/filter', { method: 'POST', body: { limit: MOST, sort: 'NAME_ASC' }, signal: page.leaving.signal });
  const known = list.find((own) => own.name === wanted);
  const again = () => page.go(page.href({}), { replace: true });
  const edited = known || wanted === '+' ? form(page, known ?? null) : null;
  page.draw('Variables', title('Variables', { beside: link('New variable', page.href({ edit: '+' }), { class: 'button primary', id: 'new-variable' }) }), edited,
    card('Variables', list.length ? table(['Name', 'Value', 'Changed', ''], element('tbody', {}, list.map((own) => line(page, own, again))))
      : empty('No variable yet'), list.length === MOST ? element('p', { class: 'state' }, `The first ${MOST}.`) : null));
  edited?.querySelector('input:not([disabled]), textarea')?.focus();
};
