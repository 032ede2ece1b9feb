// SPDX-License-Identifier: Apache-2.0
// A query of the data API as the page's address has it: a list of parameters that is never changed, only copied.
const RESERVED = new Set(['select', 'sort', 'limit', 'cursor', 'group', 'agg', 'partial', 'mixed', 'last', 'labels',
  'shape', 'format', 'vintage', 'as_of', 'as_of_by', 'vintages', 'transform', 'geo_basis']);
const VINTAGE = ['vintage', 'as_of', 'as_of_by', 'vintages'];
const OPERATORS = { ne: 'is not', gt: 'above', gte: 'from', lt: 'below', lte: 'to', startswith: 'begins with',
  contains: 'contains', isnull: 'is missing' };

const decode = (text) => {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;  // the API says what is wrong with it
  }
};
const encode = (text) => encodeURIComponent(text).replace(/%(2C|28|29|3A)/g, (whole) => decodeURIComponent(whole))
  .replaceAll("'", '%27');

// Commas part values; "\," and "\\" are the characters themselves.
const split = (value) => (value.match(/(?:\\.|[^,\\])+/gs) || []).map((part) => part.replace(/\\(.)/gs, '$1'));
const join = (values) => values.map((value) => value.replace(/[\\,]/g, '\\$&')).join(',');

export class Query {
  constructor(pairs = []) {
    this.pairs = pairs;
  }

  // From "?a=b&c=d" or "#a=b".
  static parse(text) {
    const parts = text.replace(/^[?#]/, '').split('&').filter((part) => part !== '');
    return new Query(parts.map((part) => {
      const [name, ...rest] = part.split('=');
      return [decode(name), decode(rest.join('='))];
    }));
  }

  toString() {
    return this.pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  }

  get(name) {
    return this.pairs.find(([own]) => own === name)?.[1] ?? '';
  }

  list(name) {
    return this.pairs.filter(([own]) => own === name).flatMap(([, value]) => split(value));
  }

  has(name) {
    return this.pairs.some(([own]) => own === name);
  }

  without(...names) {
    return new Query(this.pairs.filter(([name]) => !names.includes(name)));
  }

  // With one value in the parameter's place; none for ''.
  with(name, value) {
    return this.replaced(name, value === '' ? [] : [[name, String(value)]]);
  }

  withList(name, values) {
    return this.replaced(name, values.length ? [[name, join(values)]] : []);
  }

  replaced(name, pairs) {
    const place = this.pairs.findIndex(([own]) => own === name);
    const rest = this.without(name).pairs;
    rest.splice(place < 0 ? rest.length : place, 0, ...pairs);
    return new Query(rest);
  }

  // The same question from its first row: what a changed filter makes of it.
  restarted() {
    return this.without('cursor');
  }

  // What selects rows: filters and the version.
  selection() {
    return new Query(this.pairs.filter(([name]) => !RESERVED.has(name) || VINTAGE.includes(name)));
  }

  filters() {
    return this.pairs.filter(([name]) => !RESERVED.has(name)).map(([name, value]) => {
      const [, column, operator] = name.match(/^(.*?)(?:__(.*))?$/s);
      return { name, column, operator, words: OPERATORS[operator] ?? '', values: split(value) };
    });
  }

  get isGrouped() {
    return this.has('group') || this.has('agg');
  }
}
