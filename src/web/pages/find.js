// SPDX-License-Identifier: Apache-2.0
// /explore: the list of datasets, searched as one types; the words are in the address.
import { ask } from './api.js';
import { byId, element, facts } from './dom.js';
import { count, descriptionOf, number, period } from './words.js';

const textOf = (dataset) => [dataset.id, dataset.title, dataset.description, dataset.publisher,
  ...dataset.measures.map((measure) => measure.title ?? measure.name)].join(' ').toLowerCase();

const card = (dataset) => element('li', {},
  element('h3', {}, element('a', { href: `/explore/${encodeURIComponent(dataset.id)}` }, dataset.title || dataset.id)),
  descriptionOf(dataset) ? element('p', {}, descriptionOf(dataset)) : null,
  facts([['publisher', dataset.publisher],
    ['period', dataset.period && `${period(dataset.period.first)} to ${period(dataset.period.last)}`],
    ['rows', `${number(dataset.rows)} in ${count(dataset.series, 'series', 'series')}`],
    ['version', `${dataset.vintage}${dataset.released ? `, released ${dataset.released}` : ''}`],
    ['licence', dataset.licence]]));

const show = (datasets, words) => {
  const wanted = words.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const found = datasets.filter((dataset) => wanted.every((word) => textOf(dataset).includes(word)));
  byId('cards').replaceChildren(...found.map(card));
  const none = datasets.length ? `No dataset has “${words}” in its name, description, publisher or measures.`
    : 'No dataset is served yet.';
  byId('state').textContent = found.length ? count(found.length, 'dataset') : none;
};

export const startFinding = async () => {
  document.title = 'Find a dataset · Tidemill';
  byId('find').hidden = false;
  const field = byId('words');
  const { datasets } = await ask('/v1/datasets');
  const fromAddress = () => {
    field.value = new URLSearchParams(location.search).get('q') ?? '';
    show(datasets, field.value);
  };
  field.addEventListener('input', () => {
    history.replaceState(null, '', field.value ? `?q=${encodeURIComponent(field.value)}` : location.pathname);
    show(datasets, field.value);
  });
  addEventListener('popstate', fromAddress);
  fromAddress();
};
