// SPDX-License-Identifier: Apache-2.0
// What is known of a dataset before any query: the page of the explorer and the embedded chart begin with it.
import { ask, datasetPath, pathOf } from './api.js';
import { Query } from './query.js';
import { loadVintages } from './versions.js';

// The parts of a page that do not change with its query. `query` gives the API's query of the moment.
export const openDataset = async (id, query) => {
  const [dataset, { dimensions }, vintages] = await Promise.all([ask(datasetPath(id)), ask(pathOf(id, 'dimensions')), loadVintages(id)]);
  const view = () => Query.parse(location.hash);
  const measures = dataset.columns.filter((column) => column.role === 'measure');
  return {
    id, dataset, dimensions, vintages, query, view, measures,
    vintage: dataset.vintage,
    labels: new Map(),
    meanings: new Map(dataset.statuses.map(({ code, meaning }) => [code, meaning ?? `“${code}”`])),
    hasSeries: dimensions.length > 0 && dataset.columns.some((column) => column.role === 'time'),
    get measure() { return measures.find((own) => own.name === view().get('show')) ?? measures[0]; },
    get showsAll() { return view().get('columns') === 'all'; },
  };
};
