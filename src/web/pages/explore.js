// SPDX-License-Identifier: Apache-2.0
// The explorer: /explore finds a dataset, /explore/{dataset}?<query of the API> shows it. The address is all the state:
// the query is the API's own; what the API has no word for (chart, open cell, comparison) stands behind the '#'.
import { ask } from './api.js';
import { chartOf, rowsBefore } from './chart_data.js';
import { showChart } from './chart.js';
import { openDataset } from './dataset_page.js';
import { byId, element, facts } from './dom.js';
import { Facet } from './facets.js';
import { showChips, spanOfTime, statusBoxes, syncFields } from './filters.js';
import { startFinding } from './find.js';
import { showLineage } from './lineage.js';
import { showProblem } from './problem.js';
import { Query } from './query.js';
import { showSharing } from './share.js';
import { hasMoreColumns, pager, showTable, tablePath } from './table.js';
import { Versions, versionTitle } from './versions.js';
import { count, descriptionOf, kind, number, period, titleOf } from './words.js';

const CELL = ['cell', 'measure', 'of'];
const addressOf = (query, view) => `${location.pathname}${query.pairs.length ? `?${query}` : ''}${view.pairs.length ? `#${view}` : ''}`;

// A part of the page while its answer is on the way, and when there is none.
const part = async (place, work, failed) => {
  place.setAttribute('aria-busy', 'true');
  try {
    await work();
  } catch (error) {
    if (error.name === 'AbortError') return false;
    failed(error);
    if (!error.problem) console.error(error);
  }
  place.removeAttribute('aria-busy');
  return true;
};

const showFacts = ({ dataset }) => {
  document.title = `${dataset.title || dataset.id} · Tidemill`;
  byId('title').textContent = dataset.title || dataset.id;
  byId('about').replaceChildren(...(descriptionOf(dataset) ? [element('p', { class: 'lead' }, descriptionOf(dataset))] : []),
    facts([['publisher', dataset.publisher], ['period', dataset.period && `${period(dataset.period.first)} to ${period(dataset.period.last)}`],
      ['rows', number(dataset.rows)], ['released', dataset.released], ['licence', dataset.licence]]));
};

const viewLink = (page, name, value, words) => {
  const own = page.view().get(name);
  const attributes = { href: addressOf(page.query(), page.view().with(name, value)) };
  if (own === value) attributes['aria-current'] = 'true';
  return element('a', attributes, words);
};

const showViews = (page, kind) => {
  const kinds = page.query().isGrouped || !page.hasSeries ? [] : ['lines', 'bars'];
  const links = kinds.map((own) => {
    const link = viewLink(page, 'chart', own, own === 'lines' ? 'Lines' : 'Bars');
    if (kind === own || (kind === 'columns' && own === 'bars')) link.setAttribute('aria-current', 'true');
    return link;
  });
  const measures = page.measures.length > 1 ? page.measures.map((own) => {
    const link = viewLink(page, 'show', own.name, titleOf(own));
    if (own === page.measure) link.setAttribute('aria-current', 'true');
    return link;
  }) : [];
  byId('views').replaceChildren(...links, ...measures);
};

// The values that the shown rows had in the version to compare with.
const valuesBefore = async (page, rows, signal) => {
  const against = page.view().get('against');
  const time = page.dataset.columns.find((column) => column.role === 'time');
  if (!against || page.query().isGrouped || !rows[0].series_key) return undefined;
  const found = await rowsBefore(page, [...new Set(rows.map((row) => row.series_key))], against, signal);
  const values = new Map([...found].flatMap(([key, list]) => list.map((row) => [`${key}.${row[time.name]}`, row[page.measure.name]])));
  return { title: versionTitle(page, against), valueOf: (row) => values.get(`${row.series_key}.${row[time.name]}`) };
};

const showRows = async (page, answer, signal) => {
  byId('total').textContent = count(answer.total ?? answer.data.length, 'row');
  if (!answer.data.length) {
    byId('rows').replaceChildren(element('p', { class: 'empty' }, 'No row fits these filters. Remove one of them above, or choose other codes.'));
    byId('table-links').replaceChildren();
    return;
  }
  byId('rows').replaceChildren(showTable(page, answer, await valuesBefore(page, answer.data, signal)));
  const more = hasMoreColumns(page, answer.data) && !page.query().isGrouped
    ? [viewLink(page, 'columns', page.showsAll ? '' : 'all', page.showsAll ? 'Fewer columns' : 'All columns')] : [];
  byId('table-links').replaceChildren(...pager(page, answer), ...more);
};

// A ranking of areas of all kinds says little: links to those of one kind.
const kindLinks = (page) => page.dimensions.filter(({ name, types = [], type_column: column }) =>
  types.length > 1 && column && !page.query().has(column) && !page.query().has(name)).map(({ types, type_column: column }) =>
  element('p', { class: 'note' }, 'Areas of several kinds are mixed. Only ', types.flatMap((type, index) => [index ? ', ' : '',
    element('a', { href: addressOf(page.query().with(column, type).restarted(), page.view()) }, kind(type))]), '.'));

const showPicture = async (page, signal) => {
  const place = byId('chart');
  if (!page.measure || !page.dimensions.length) {
    place.replaceChildren(element('p', { class: 'note' }, 'This table has nothing to draw: no measure, or no dimension.'));
    return;
  }
  const chart = await chartOf(page, signal);
  if (page.view().get('against')) chart.before = versionTitle(page, page.view().get('against'));
  showViews(page, chart.kind);
  showChart(place, chart, page.meanings);
  if (chart.kind === 'bars') place.append(...kindLinks(page));
};

const note = (place) => (error) => place.replaceChildren(element('p', { class: 'note' }, error.message));

// Whether all of it could be shown.
let asked;
const render = async (page, parts) => {
  asked?.abort();
  const own = asked = new AbortController();
  const query = page.query();
  syncFields(query);
  showChips(page);
  byId('result').setAttribute('aria-busy', 'true');
  let answer;
  try {
    answer = await ask(tablePath(page), own.signal);
  } catch (error) {
    if (error.name === 'AbortError') return true;
    byId('problem').replaceChildren(showProblem(error, query));
    byId('result').hidden = true;
    parts.facets.forEach((facet) => facet.update(new Query()));
    return false;
  } finally {
    if (asked === own) byId('result').removeAttribute('aria-busy');
  }
  page.vintage = answer.vintage ?? page.dataset.vintage;
  byId('problem').replaceChildren();
  byId('result').hidden = false;
  showSharing(page);
  parts.versions?.update(query, page.view());
  await Promise.all([
    part(byId('rows'), () => showRows(page, answer, own.signal), note(byId('rows'))),
    part(byId('chart'), () => showPicture(page, own.signal), note(byId('chart'))),
    ...parts.facets.map((facet) => facet.update(query.selection()))]);
  if (asked !== own) return true;
  showChips(page);  // labels are known by now
  parts.facets.forEach((facet) => facet.showPicked());
  await showLineage(page);
  return true;
};

// Where the focus is among the links of its part of the page, and back to that place once the part is drawn anew.
const placeOfFocus = () => {
  const own = document.activeElement?.closest('a, button');
  const holder = own?.closest('[id]');
  return holder && { id: holder.id, index: [...holder.querySelectorAll('a, button')].indexOf(own) };
};
const restoreFocus = (place) => {
  if (!place || document.activeElement !== document.body) return;
  const links = byId(place.id).querySelectorAll('a, button');
  links[Math.min(place.index, links.length - 1)]?.focus({ preventScroll: true });
};

// Links to this same page change it without loading it again; the back button undoes that.
const followLinks = (page) => {
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href]');
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.hasAttribute('download') || link.origin !== location.origin || link.pathname !== location.pathname) return;
    event.preventDefault();
    if (link.classList.contains('skip')) byId('content').focus();
    else page.follow(link.href);
  });
};

const startExploring = async (id) => {
  const page = await openDataset(id, () => Query.parse(location.search));
  const parts = {};
  let shown;
  const renderNow = async () => {
    // The panel of one number leaves all else as it is.
    const wanted = addressOf(page.query(), page.view().without(...CELL));
    const place = placeOfFocus();
    if (wanted === shown) return showLineage(page);
    shown = wanted;
    if (!await render(page, parts)) shown = undefined;
    return restoreFocus(place);
  };
  Object.assign(page, {
    follow(address) {
      if (address !== location.href) history.pushState(null, '', address);
      renderNow();
    },
    go(query, view = page.view()) { page.follow(new URL(addressOf(query, view), location).href); },
    find: (name) => page.view().get(`find_${name}`),
    keepFind: (name, text) => history.replaceState(null, '', addressOf(page.query(), page.view().with(`find_${name}`, text))),
  });
  showFacts(page);
  byId('head').hidden = byId('dataset').hidden = false;
  parts.facets = page.dimensions.map((dimension) => new Facet(dimension, page));
  parts.versions = page.vintages.length > 1 ? new Versions(page) : undefined;
  byId('facets').replaceChildren(...[...parts.facets.map((facet) => facet.element), spanOfTime(page, page.dataset),
    ...statusBoxes(page, page.dataset), parts.versions?.element].filter(Boolean));
  followLinks(page);
  addEventListener('popstate', renderNow);
  byId('lineage').addEventListener('close', () => {
    if (page.view().has('cell')) page.go(page.query(), page.view().without(...CELL));
  });
  byId('filters').open = matchMedia('(min-width: 56rem)').matches;
  await renderNow();
};

const failed = (error) => {
  byId('dataset').hidden = true;
  if (!error.problem) console.error(error);
  byId('problem').replaceChildren(showProblem(error.problem ? error : { problem: { title: 'the page failed', detail: error.message } }, null,
    (word) => `/explore/${word}`));
};

const id = decodeURIComponent(location.pathname.split('/')[2] ?? '');
(id ? startExploring(id) : startFinding()).catch(failed).finally(() => { byId('loading').hidden = true; });
