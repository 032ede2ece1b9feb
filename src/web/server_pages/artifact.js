// SPDX-License-Identifier: Apache-2.0
// An artifact by its kind: a report, a table, a link, progress; anything else as JSON.
import { element, svg } from './dom.js';
import { markdown } from './markdown.js';

const TABLE_ROWS = 500;
const shown = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

const isNumber = (value) => typeof value === 'number';
const cell = (value) => element('td', { class: isNumber(value) ? 'number' : null }, value === undefined || value === null ? '' : shown(value));

// Rows as objects, or columns as lists.
const rowsOf = (data) => {
  if (Array.isArray(data)) return data.map((row) => (row && typeof row === 'object' ? row : { value: row }));
  const names = Object.keys(data ?? {});
  const size = Math.max(0, ...names.map((name) => (Array.isArray(data[name]) ? data[name].length : 0)));
  return Array.from({ length: size }, (_, at) => Object.fromEntries(names.map((name) => [name, data[name]?.[at]])));
};

const table = (data) => {
  const rows = rowsOf(typeof data === 'string' ? JSON.parse(data) : data);
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return [element('div', { class: 'scroll' }, element('table', {}, element('thead', {}, element('tr', {}, names.map((name) => element('th', { scope: 'col', class: isNumber(rows[0]?.[name]) ? 'number' : null }, name)))),
    element('tbody', {}, rows.slice(0, TABLE_ROWS).map((row) => element('tr', {}, names.map((name) => cell(row[name]))))))),
  rows.length > TABLE_ROWS ? element('p', { class: 'state' }, `The first ${TABLE_ROWS} of ${rows.length} rows.`) : null];
};

const progress = (data) => {
  const value = Math.min(100, Math.max(0, Number(data) || 0));
  return element('p', { class: 'row' }, svg('svg', { class: 'meter', role: 'img', 'aria-label': `${value} %` }, svg('rect', { width: '100%', height: '100%', rx: 3 }),
    svg('rect', { class: 'used', width: `${value}%`, height: '100%', rx: 3 })), `${value} %`);
};

// Only where the browser goes by itself: no script in an address.
const address = (data) => {
  const text = typeof data === 'string' ? data : data.link ?? data.url ?? '';
  return /^https?:\/\//i.test(text) ? element('p', {}, element('a', { href: text, rel: 'noreferrer' }, data.link_text ?? text)) : json(data);
};

const json = (data) => element('pre', {}, typeof data === 'string' ? data : JSON.stringify(data, null, 2));

export const artifactBody = ({ type, data }) => {
  if (data === null || data === undefined) return element('p', { class: 'state' }, 'It holds no data, or more than is shown here.');
  try {
    if (type === 'markdown' && typeof data === 'string') return markdown(data);
    if (type === 'table') return table(data);
    if (type === 'progress') return progress(data);
    if (type === 'link' || type === 'image') return address(data);
  } catch {
    return json(data);
  }
  return json(data);
};
