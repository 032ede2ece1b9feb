// SPDX-License-Identifier: Apache-2.0
// The form of a work pool: what it is, how many runs at once, and the defaults of its template's variables by a form of
// their schema. The template as a whole is there as JSON.
import { element } from './dom.js';
import { field, link } from './parts.js';
import { MASK, SchemaForm } from './schema_form.js';

const numberOf = (input) => (input.value === '' ? null : Number(input.value));
const pretty = (value) => JSON.stringify(value, null, 2);
const propertiesOf = (template) => template?.variables?.properties ?? {};
const without = ({ default: _, ...rest }) => rest;

// The variables as a schema without defaults (those are the values), of which none must be given: deployments may give them.
const schemaOf = (template) => ({ ...template.variables, required: [], properties: Object.fromEntries(Object.entries(propertiesOf(template)).map(([name, own]) => [name, without(own)])) });
const valuesOf = (template) => Object.fromEntries(Object.entries(propertiesOf(template)).filter(([, own]) => own.default !== undefined && own.default !== null).map(([name, own]) => [name, own.default]));

const withDefaults = (template, values) => ({ ...template, variables: { ...template.variables, properties: Object.fromEntries(Object.entries(propertiesOf(template)).map(([name, own]) => {
  if (values[name] === MASK) return [name, own];
  return [name, values[name] === undefined ? without(own) : { ...own, default: values[name] }];
})) } });

// The template by its form, or by its JSON where that was changed.
class TemplateForm {
  constructor(template) {
    this.element = element('div', { class: 'group' });
    this.turn(template);
  }

  turn(template) {
    this.template = template ?? {};
    this.form = new SchemaForm(schemaOf(this.template), { values: valuesOf(this.template), root: this.template.variables ?? {} });
    this.whole = element('textarea', { id: 'pool-template', class: 'mono tall', spellcheck: 'false' }, pretty(this.template));
    this.written = this.whole.value;
    const none = element('p', { class: 'state' }, 'It has no variables yet. The first worker of its type brings them.');
    this.element.replaceChildren(element('fieldset', {}, element('legend', {}, 'Defaults for its jobs'), this.form.fields.length ? this.form.element : none),
      element('details', {}, element('summary', {}, 'The whole template as JSON'), field(this.whole, 'Template', 'Where this is changed, it counts and the fields above do not.')));
  }

  // Null where a field is wrong: that says so.
  read() {
    if (this.whole.value !== this.written) {
      try {
        return JSON.parse(this.whole.value);
      } catch (error) {
        throw new Error(`template: no JSON: ${error.message}`);
      }
    }
    const values = this.form.read();
    return values === null ? null : this.form.fields.length ? withDefaults(this.template, values) : this.template;
  }
}

// pool: the known one; types: of a new one; save(body) sends it.
export const poolForm = ({ pool = null, types = [], save, back }) => {
  const name = element('input', { type: 'text', id: 'pool-name', autocomplete: 'off', spellcheck: 'false' });
  const template = new TemplateForm(pool ? pool.base_job_template : types[0].template);
  const type = element('select', { id: 'pool-type', change: () => template.turn(types.find((own) => own.type === type.value).template) }, types.map((own) => element('option', { value: own.type }, own.words)));
  const description = element('input', { type: 'text', id: 'pool-description', value: pool?.description ?? '', autocomplete: 'off' });
  const most = element('input', { type: 'number', id: 'pool-limit', min: 0, step: 1, value: pool?.concurrency_limit ?? '', placeholder: 'no limit' });
  const wrong = element('p', { class: 'wrong', role: 'alert' });
  const send = element('button', { type: 'submit', class: 'primary', id: 'save-pool' }, pool ? 'Save the pool' : 'Make the pool');
  const submit = async (event) => {
    event.preventDefault();
    wrong.textContent = '';
    send.disabled = true;
    try {
      const base = template.read();
      const body = { description: description.value.trim() || null, concurrency_limit: numberOf(most), base_job_template: base };
      if (base !== null) await save(pool ? body : { name: name.value.trim(), type: type.value, ...body });
    } catch (error) {
      wrong.textContent = error.message;
    }
    send.disabled = false;
  };
  return element('form', { class: 'fields', id: 'pool-form', novalidate: true, submit }, pool ? null : [field(name, 'Name'), field(type, 'Type')], field(description, 'Description'), field(most, 'Most runs at once'),
    template.element, wrong, element('div', { class: 'buttons' }, send, link('Leave it', back, { class: 'button' })));
};
