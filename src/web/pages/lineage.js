// SPDX-License-Identifier: Apache-2.0
// Where one number comes from: file, sheet, cell, the text in it, checks, and what was published before.
import { ask, pathOf } from './api.js';
import { byId, element, facts } from './dom.js';
import { Query } from './query.js';
import { number, period, status } from './words.js';

const value = (text, statusText, meanings) => {
  const words = statusText ? status(statusText, meanings) : '';
  if (text === null) return words ? `no value: ${words}` : 'blank in the source';
  return words ? `${number(text)} (${words})` : number(text);
};

const source = ({ source: file = {}, cell = {}, binding, run }) => [
  element('h3', {}, 'The cell'),
  facts([['sheet', cell.sheet], ['cell', cell.ref], ['text in it', cell.raw === null ? 'the workbook is not at hand' : cell.raw]]),
  element('h3', {}, 'The file'),
  facts([['address', file.url && (/^https?:/.test(file.url) ? element('a', { href: file.url, rel: 'noreferrer' }, file.url) : file.url)],
    ['edition', file.edition], ['released', file.released], ['fetched', file.fetched_at],
    ['size', file.bytes && `${number(file.bytes)} bytes`], ['SHA-256', file.sha256 && element('code', {}, file.sha256)],
    ['recipe', binding?.recipe], ['run', run]])];

const checks = (list = []) => (list.length ? [element('h3', {}, 'Checks'),
  element('ul', {}, list.map(({ text, result }) => element('li', {}, `${text}: ${result}`)))] : []);
const notes = (list = []) => (list.length ? [element('h3', {}, 'Notes'),
  element('ul', {}, list.map((note) => element('li', {}, note.text ?? note)))] : []);

const history = (list = [], meanings) => (list.length > 1 ? [element('h3', {}, 'Published values'),
  element('ul', {}, list.map((entry) => element('li', {},
    `${value(entry.value, entry.status, meanings)} in version ${entry.vintage}${(entry.released ?? entry.realtime_start) ? `, from ${entry.released ?? entry.realtime_start}` : ''}`)))] : []);

// A table without lineage says so; that is an answer, not a failure.
const lineageOf = async (path) => {
  try {
    return { found: await ask(path) };
  } catch (error) {
    return { error };
  }
};

const withoutLineage = (error) => element('p', {}, error.problem?.type === '/problems/no-lineage'
  ? 'This table carries no lineage: it does not say which file and cell its numbers come from.'
  : `Where it comes from cannot be told: ${error.message}`);

const draw = async (page, cell) => {
  const version = page.view().get('of');
  const pinned = new Query().with('measure', page.view().get('measure')).with('vintage', version || page.vintage);
  const route = `observations/${encodeURIComponent(cell)}`;
  const [own, origin] = await Promise.all([ask(pathOf(page.id, route, pinned)), lineageOf(pathOf(page.id, `${route}/lineage`, pinned))]);
  const title = element('p', { class: 'figure' }, value(own.value, own.status, page.meanings));
  const past = history(origin.found?.history ?? own.history, page.meanings);
  const parts = origin.found ? [...source(origin.found), ...checks(origin.found.checks), ...notes(origin.found.notes), ...past]
    : [withoutLineage(origin.error), ...past];
  const key = cell.slice(0, cell.lastIndexOf('.'));
  return [title, facts([['series', page.labels.get(`series ${key}`) ?? key], ['period', period(cell.slice(key.length + 1))],
    ['measure', own.measure], ['version', own.vintage]]), ...parts];
};

export const showLineage = async (page) => {
  const panel = byId('lineage');
  const cell = page.view().get('cell');
  if (!cell) {
    if (panel.open) panel.close();
    return;
  }
  const body = byId('lineage-body');
  body.replaceChildren(element('p', { class: 'note' }, 'Loading …'));
  if (!panel.open) panel.showModal();
  try {
    body.replaceChildren(...await draw(page, cell));
  } catch (error) {
    body.replaceChildren(element('p', { class: 'note' }, error.message));
  }
};
