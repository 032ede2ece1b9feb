// SPDX-License-Identifier: Apache-2.0
// The rows of the answer, a page at a time; values are buttons that say where they come from.
import { pathOf } from './api.js';
import { element } from './dom.js';
import { Query } from './query.js';
import { number, period, signed, status, titleOf } from './words.js';

const PLAIN = ['dimension', 'time', 'measure', 'status'];
export const PAGE_ROWS = 25;

// What the table asks for: the page's query, cut into pages, with the key of each row's series.
export const tablePath = (page) => {
  let query = page.query();
  if (!query.has('limit')) query = query.with('limit', PAGE_ROWS);
  if (page.hasSeries && !query.isGrouped) {
    const select = query.get('select') || '*';
    if (!select.split(',').includes('series_key')) query = query.with('select', `${select},series_key`);
  }
  return pathOf(page.id, 'data.json', query.without('shape', 'format', 'labels'));
};

const columnsOf = (page, rows) => {
  const query = page.query();
  const known = new Map(page.dataset.columns.map((column) => [column.name, column]));
  const all = Object.keys(rows[0]).map((name) => known.get(name) ?? { name, role: 'made' });
  const isAsked = (column) => query.get('select').split(',').includes(column.name);
  if (query.isGrouped) return all;
  const labels = new Map(all.filter((column) => column.role === 'label').map((column) => [column.of, column]));
  return all.filter((column) => isAsked(column)
      || (column.name !== 'series_key' && (page.showsAll || PLAIN.includes(column.role) || column.name.startsWith('realtime')
        || (column.role === 'made' && column.name === 'vintage'))))
    .map((column) => ({ ...column, label: page.showsAll ? undefined : labels.get(column.name) }));
};

export const hasMoreColumns = (page, rows) => page.showsAll
  || columnsOf({ ...page, showsAll: true, query: page.query }, rows).length > columnsOf(page, rows).length;

const header = (page, column) => {
  const query = page.query();
  const [up, down] = [query.get('sort') === column.name, query.get('sort') === `-${column.name}`];
  const next = query.with('sort', up ? `-${column.name}` : down ? '' : column.name).restarted();
  const attributes = { scope: 'col', class: column.role === 'measure' ? 'number' : false };
  if (up || down) attributes['aria-sort'] = up ? 'ascending' : 'descending';
  return element('th', attributes, element('a', { href: `?${next}${location.hash}`, title: 'Sort' }, titleOf(column),
    element('span', { 'aria-hidden': 'true' }, up ? ' ↑' : down ? ' ↓' : '')));
};

const missing = (page, row, column) => {
  const text = row[`${column.name}_status`];
  return element('span', { class: 'none' }, text ? `no value: ${status(text, page.meanings)}` : 'blank in the source');
};

const measureCell = (page, row, column, time) => {
  const value = row[column.name];
  const content = value === null ? missing(page, row, column) : number(value);
  const attributes = { class: 'number' };
  if (!row.series_key || !time || row[time.name] === undefined) return element('td', attributes, content);
  const cell = new Query(page.view().pairs).with('cell', `${row.series_key}.${row[time.name]}`).with('measure', column.name)
    .with('of', row.vintage ?? '');
  return element('td', attributes, element('a', { class: 'value', href: `?${page.query()}#${cell}`, title: 'Where this number comes from' }, content));
};

const textCell = (page, row, column) => {
  const value = row[column.name];
  if (value === null || value === undefined) return element('td');
  if (column.role === 'status') return element('td', { class: 'status' }, status(value, page.meanings));
  if (column.role === 'time') return element('td', { class: 'time' }, period(value));
  const label = column.label && row[column.label.name];
  if (label) return element('td', {}, `${label} `, element('small', {}, value));
  return element('td', { class: typeof value === 'number' ? 'number' : false }, typeof value === 'number' && column.role === 'made' ? number(value) : String(value));
};

const changeCells = (row, column, old) => {
  if (old === undefined) return [element('td', { class: 'number none' }, 'not there'), element('td')];
  const change = old !== null && row[column.name] !== null ? row[column.name] - old : null;
  return [element('td', { class: 'number' }, old === null ? '' : number(old)),
    element('td', { class: 'number' }, change === null ? '' : change === 0 ? 'unchanged' : signed(change))];
};

// `before`: { title, valueOf(row) } of the version to compare with, or undefined.
export const showTable = (page, answer, before) => {
  const columns = columnsOf(page, answer.data);
  const time = page.dataset.columns.find((column) => column.role === 'time');
  const heads = columns.flatMap((column) => [header(page, column), ...(before && column.name === page.measure?.name
    ? [element('th', { scope: 'col', class: 'number' }, before.title), element('th', { scope: 'col', class: 'number' }, 'Change')] : [])]);
  const cells = (row) => columns.flatMap((column) => {
    if (column.role !== 'measure') return [textCell(page, row, column)];
    const own = measureCell(page, row, column, time);
    return before && column.name === page.measure?.name ? [own, ...changeCells(row, column, before.valueOf(row))] : [own];
  });
  return element('table', {}, element('caption', { class: 'hidden' }, `Rows of ${page.dataset.title || page.id}`),
    element('thead', {}, element('tr', {}, heads)),
    element('tbody', {}, answer.data.map((row) => element('tr', {}, cells(row)))));
};

// Links to the page after this one and back to the first.
export const pager = (page, answer) => {
  const links = [];
  if (page.query().has('cursor')) links.push(element('a', { href: `?${page.query().restarted()}${location.hash}` }, 'First rows'));
  if (answer.next) {
    const cursor = new URL(answer.next, location).searchParams.get('cursor');
    const next = page.query().with('cursor', cursor);
    links.push(element('a', { href: `?${next}${location.hash}`, rel: 'next' }, 'Next rows'));
  }
  return links;
};
