// SPDX-License-Identifier: Apache-2.0
// A form made from a JSON schema: a field a property, objects in objects, blocks in blocks, secrets that are only written.
import { element } from './dom.js';

export const MASK = '********';  // what the server shows of a secret; sent back, it means the one that is there
const DEEPEST = 6;
let made = 0;

const without = (schema, ...names) => Object.fromEntries(Object.entries(schema).filter(([name]) => !names.includes(name)));

// The schema that a reference, a single allOf, or "this or null" stands for.
export const resolved = (root, schema, depth = 0) => {
  if (depth > 20 || !schema || typeof schema !== 'object') return {};
  const follow = (next, ...names) => resolved(root, { ...next, ...without(schema, ...names) }, depth + 1);
  if (schema.$ref) {
    const name = /^#\/(definitions|\$defs|components\/schemas)\/(.+)$/.exec(schema.$ref);
    const found = name && (root.definitions ?? root.$defs ?? {})[name[2]];
    return follow(found ?? {}, '$ref');
  }
  if (schema.allOf?.length === 1) return follow(schema.allOf[0], 'allOf');
  const choices = (schema.anyOf ?? schema.oneOf)?.filter((one) => one.type !== 'null');
  if (choices?.length === 1) return follow(choices[0], 'anyOf', 'oneOf');
  return schema;
};

const words = (name) => {
  const text = name.replaceAll('_', ' ').trim();
  return text === '' ? name : text[0].toUpperCase() + text.slice(1);
};
const isSecret = (schema) => schema.format === 'password' || schema.writeOnly === true;

// Each kind of field: { input, read() } where read gives a value, or undefined for "not said", and throws what is wrong.
const textField = (value) => {
  const input = element('input', { type: 'text', value: value ?? '', autocomplete: 'off' });
  return { input, read: () => (input.value === '' ? undefined : input.value) };
};
const longField = (value) => {
  const input = element('textarea', {}, value ?? '');
  return { input, read: () => (input.value === '' ? undefined : input.value) };
};
const secretField = (value) => {
  const there = value !== undefined && value !== null;
  const input = element('input', { type: 'password', autocomplete: 'new-password', placeholder: there ? 'Set. Leave empty to keep it.' : '' });
  return { input, read: () => (input.value === '' ? (there ? MASK : undefined) : input.value) };
};
const secretJson = (value) => {
  const there = value !== undefined && value !== null;
  const input = element('textarea', { class: 'mono', spellcheck: 'false', autocomplete: 'off', placeholder: there ? 'Set. Leave empty to keep it.' : 'JSON' });
  return { input, read: () => (input.value.trim() === '' ? (there ? value : undefined) : parse(input.value)) };
};
const numberField = (value, { type, minimum, maximum }) => {
  const input = element('input', { type: 'number', step: type === 'integer' ? 1 : 'any', min: minimum, max: maximum, value: value ?? '' });
  return { input, read: () => {
    if (input.validity.badInput) throw new Error('a number is expected');
    if (input.value === '') return undefined;
    const number = Number(input.value);
    if (type === 'integer' && !Number.isInteger(number)) throw new Error(`“${input.value}”: a whole number is expected`);
    if (minimum !== undefined && number < minimum) throw new Error(`${number}: at least ${minimum} is expected`);
    if (maximum !== undefined && number > maximum) throw new Error(`${number}: at most ${maximum} is expected`);
    return number;
  } };
};
const flagField = (value, schema) => {
  const options = [['', schema.default === undefined ? 'Not said' : `Default (${schema.default ? 'yes' : 'no'})`], ['true', 'Yes'], ['false', 'No']];
  const input = element('select', {}, options.map(([own, word]) => element('option', { value: own, selected: own === String(value ?? '') }, word)));
  return { input, read: () => (input.value === '' ? undefined : input.value === 'true') };
};
const enumField = (value, { enum: values, default: usual }) => {
  const input = element('select', {}, element('option', { value: '' }, usual === undefined ? 'Not said' : `Default (${usual})`), values.map((own, at) => element('option', { value: at, selected: JSON.stringify(own) === JSON.stringify(value) }, String(own))));
  return { input, read: () => (input.value === '' ? undefined : values[Number(input.value)]) };
};
const parse = (text) => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`no JSON: ${error.message}`);
  }
};
// JSON; where texts are meant too, what is no JSON is a text.
const jsonField = (value, schema) => {
  const input = element('textarea', { class: 'mono', spellcheck: 'false' }, value === undefined || value === null ? '' : JSON.stringify(value, null, 2));
  const kinds = [schema.type, ...(schema.anyOf ?? schema.oneOf ?? []).map((one) => one.type)].filter(Boolean).flat();
  const texts = kinds.length === 0 || kinds.includes('string');
  return { input, hint: schema.type === 'array' ? 'A JSON list, such as ["a", "b"].' : schema.type === 'object' ? 'A JSON object, such as {"a": 1}.' : 'JSON, or a text.', read: () => {
    const text = input.value.trim();
    if (text === '') return undefined;
    let found;
    try {
      found = parse(text);
    } catch (error) {
      if (texts) return input.value;
      throw error;
    }
    if (schema.type === 'array' && !Array.isArray(found)) throw new Error('a JSON list is expected');
    if (schema.type === 'object' && (found === null || typeof found !== 'object' || Array.isArray(found))) throw new Error('a JSON object is expected');
    return found;
  } };
};
// Another block, by its name.
const blockField = (reference, known, choices) => {
  const slugs = [reference].flat().map((own) => own.block_type_slug);
  const fitting = choices.filter((own) => slugs.includes(own.type_slug));
  const input = element('select', {}, element('option', { value: '' }, fitting.length ? 'None' : `No block of type ${slugs.join(' or ')} yet`),
    fitting.map((own) => element('option', { value: own.id, selected: own.id === known }, slugs.length > 1 ? `${own.type_name}: ${own.name}` : own.name)));
  return { input, read: () => (input.value === '' ? undefined : { $ref: { block_document_id: input.value } }) };
};

const inputType = { date: 'date', time: 'time', email: 'email', uri: 'url' };
const inputOf = (value, schema) => {
  if (schema.enum) return enumField(value, schema);
  if (isSecret(schema)) return schema.type === 'object' || schema.type === 'array' ? secretJson(value) : secretField(value);
  if (schema.type === 'boolean') return flagField(value, schema);
  if (schema.type === 'integer' || schema.type === 'number') return numberField(value, schema);
  if (schema.type !== 'string') return jsonField(value, schema);
  if (schema.format === 'multi-line' || String(value ?? '').includes('\n')) return longField(value);
  const own = textField(value);
  if (inputType[schema.format]) own.input.type = inputType[schema.format];
  return own;
};

class Field {
  constructor(name, schema, own, required) {
    made += 1;
    Object.assign(this, { name, own, required });
    const { input } = own;
    const id = `field-${made}`;
    Object.assign(input, { id, name });
    this.wrong = element('p', { class: 'wrong', id: `${id}-wrong` });
    input.setAttribute('aria-describedby', `${id}-hint ${id}-wrong`);
    if (required) input.setAttribute('aria-required', 'true');
    if (schema.default !== undefined && schema.default !== null && 'placeholder' in input && !input.placeholder) input.placeholder = typeof schema.default === 'string' ? schema.default : JSON.stringify(schema.default);
    const hint = [schema.description, own.hint].filter(Boolean).join('\n');
    this.element = element('div', { class: 'field' }, element('label', { for: id }, schema.title ?? words(name), required ? element('span', { class: 'must', title: 'must be given' }, ' *') : null),
      hint ? element('p', { class: 'hint', id: `${id}-hint` }, hint) : null, input, this.wrong);
  }

  // [value] or [] where nothing was said; null where it is wrong.
  read() {
    let wrong = '';
    let value;
    try {
      value = this.own.read();
      if (this.required && value === undefined) wrong = 'must be given';
    } catch (error) {
      wrong = error.message;
    }
    this.wrong.textContent = wrong;
    this.own.input.setAttribute('aria-invalid', String(wrong !== ''));
    return wrong ? null : value === undefined ? [] : [value];
  }

  // Whether nothing was said, be that right or wrong.
  get empty() {
    try {
      return this.own.read() === undefined;
    } catch {
      return false;
    }
  }

  forgive() {
    this.wrong.textContent = '';
    this.own.input.removeAttribute('aria-invalid');
  }

  focus() {
    this.own.input.focus();
  }
}

export class SchemaForm {
  // values: what is known; references: { field: block document id }; choices: blocks that may be named; secrets: paths such
  // as "a.b" that the server holds to be secret.
  constructor(schema, { values = {}, references = {}, choices = [], secrets = [], root = schema, depth = 0 } = {}) {
    const required = schema.required ?? [];
    const order = Object.entries(schema.properties ?? {}).sort(([, a], [, b]) => (a.position ?? 0) - (b.position ?? 0));
    this.fields = order.map(([name, given]) => {
      const own = resolved(root, given);
      const reference = schema.block_schema_references?.[name];
      const must = required.includes(name);
      if (reference) return new Field(name, own, blockField(reference, references[name], choices), must);
      const inner = secrets.filter((path) => path.startsWith(`${name}.`)).map((path) => path.slice(name.length + 1));
      const secret = secrets.includes(name) || inner.includes('*');
      if (own.type === 'object' && own.properties && !secret && depth < DEEPEST) {
        const group = new SchemaForm(own, { values: values[name] ?? {}, secrets: inner, root, depth: depth + 1 });
        return { name, group, required: must, element: element('fieldset', {}, element('legend', {}, own.title ?? words(name)), own.description ? element('p', { class: 'hint' }, own.description) : null, group.element) };
      }
      return new Field(name, own, inputOf(values[name], secret ? { ...own, format: 'password' } : own), must);
    });
    this.element = element('div', { class: 'group' }, this.fields.map((field) => field.element));
  }

  // The object, or null where something is wrong: then that says so and has the focus.
  read() {
    const value = {};
    let first = null;
    this.fields.forEach((field) => {
      if (field.group) {
        if (!field.required && field.group.empty) {  // what must be given in it must be where it is
          field.group.forgive();
          return;
        }
        const inner = field.group.read();
        if (inner === null) first ??= field.group;
        else if (field.required || Object.keys(inner).length) value[field.name] = inner;
        return;
      }
      const own = field.read();
      if (own === null) first ??= field;
      else if (own.length) [value[field.name]] = own;
    });
    if (first === null) return value;
    first.focus();
    return null;
  }

  get empty() {
    return this.fields.every((field) => (field.group ?? field).empty);
  }

  forgive() {
    this.fields.forEach((field) => (field.group ?? field).forgive());
  }

  focus() {
    (this.fields.find((field) => !field.group && field.wrong.textContent) ?? this.fields[0])?.focus();
  }
}
