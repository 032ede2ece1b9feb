// SPDX-License-Identifier: Apache-2.0
// The filters beside the facets: span of time, statuses; and the list of all that is set, each with its way out.
import { byId, element } from './dom.js';
import { count, kind, period, titleOf } from './words.js';

const timeField = (page, column, operator, words, hint) => {
  const name = `${column.name}__${operator}`;
  const field = element('input', { type: 'text', placeholder: hint, size: 10, autocomplete: 'off', 'data-parameter': name,
    change: () => page.go(page.query().with(name, field.value.trim()).restarted()) });
  return element('label', {}, words, field);
};

export const spanOfTime = (page, { columns, period: span }) => {
  const column = columns.find((own) => own.role === 'time');
  if (!column || !span) return null;
  return element('fieldset', { class: 'span' }, element('legend', {}, titleOf(column)),
    timeField(page, column, 'gte', 'From', span.first), timeField(page, column, 'lte', 'To', span.last));
};

export const statusBoxes = (page, { columns, statuses }) => columns.filter((own) => own.role === 'status').map((column) => {
  const box = ({ code, meaning }) => {
    const tick = () => {
      const others = page.query().list(column.name).filter((own) => own !== code);
      page.go(page.query().withList(column.name, input.checked ? [...others, code] : others).restarted());
    };
    const input = element('input', { type: 'checkbox', value: code, 'data-parameter': column.name, change: tick });
    return element('label', {}, input, meaning ?? code);
  };
  return statuses.length ? element('fieldset', { class: 'facet' }, element('legend', {}, titleOf(column)), statuses.map(box)) : null;
});

// Fields show what the address says, also after the back button.
export const syncFields = (query) => document.querySelectorAll('[data-parameter]').forEach((field) => {
  const name = field.dataset.parameter;
  if (field.type === 'checkbox') field.checked = query.list(name).includes(field.value);
  else field.value = query.get(name);
});

const wordsOf = (page, filter, value) => {
  const label = page.labels.get(`${filter.column} ${value}`);
  if (label) return label;
  if (filter.column.endsWith('_type')) return kind(value);
  return page.meanings.get(value) && filter.column.endsWith('_status') ? page.meanings.get(value) : period(value);
};

const chip = (page, filter, value) => {
  const query = page.query();
  const rest = query.withList(filter.name, query.list(filter.name).filter((own) => own !== value)).restarted();
  const column = page.dataset.columns.find((own) => own.name === filter.column);
  const words = `${titleOf(column ?? { name: filter.column })}${filter.words ? ` ${filter.words}` : ':'} ${wordsOf(page, filter, value)}`;
  return element('li', {}, element('a', { href: `?${rest}${location.hash}`, 'aria-label': `Remove the filter ${words}` }, words,
    element('span', { 'aria-hidden': 'true', class: 'cross' }, '×')));
};

export const showChips = (page) => {
  const filters = page.query().filters();
  const chips = filters.flatMap((filter) => filter.values.map((value) => chip(page, filter, value)));
  if (chips.length > 1) {
    const rest = page.query().without('cursor', ...filters.map((filter) => filter.name));
    chips.push(element('li', {}, element('a', { class: 'all', href: `?${rest}${location.hash}` }, 'Remove all filters')));
  }
  byId('chips').replaceChildren(...chips);
  byId('filters-summary').textContent = chips.length ? `Filters (${count(filters.length, 'set', 'set')})` : 'Filters';
};
