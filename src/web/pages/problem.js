// SPDX-License-Identifier: Apache-2.0
// What the API refuses, in its own words, with the ways out as links.
import { element } from './dom.js';
import { Query } from './query.js';

const hrefOf = (query) => `?${query}${location.hash}`;

// The nearest words, each a link to the query with it in the wrong one's place.
const nearestLinks = ({ parameter, value, nearest }, query) => {
  const replaced = (word) => {
    if (query.has(parameter) && query.list(parameter).includes(value)) {
      return query.withList(parameter, query.list(parameter).map((own) => (own === value ? word : own)));
    }
    if (parameter === value) return new Query(query.pairs.map(([name, own]) => [name === value ? word : name, own]));
    return query.with(parameter, query.get(parameter).replace(value, () => word));
  };
  return nearest.map((word) => element('li', {}, element('a', { href: hrefOf(replaced(word).restarted()) }, word)));
};

const waysOut = (problem, query) => {
  const ways = [];
  if (query && problem.parameter && query.has(problem.parameter)) {
    ways.push(element('a', { href: hrefOf(query.without(problem.parameter).restarted()) }, `Ask without ${problem.parameter}`));
  }
  if (query?.pairs.length) ways.push(element('a', { href: location.pathname }, 'Start again'));
  if (!query) ways.push(element('a', { href: '/explore' }, 'All datasets'));
  if (problem.valid) ways.push(element('a', { href: problem.valid }, 'What is valid'));
  if (problem.type?.startsWith('/problems/')) ways.push(element('a', { href: problem.type }, 'About this problem'));
  return ways;
};

// `hrefOfNearest`: where a nearest word leads if it is no part of the query.
export const showProblem = (error, query, hrefOfNearest) => {
  if (!error.problem) throw error;
  const problem = error.problem;
  const box = element('div', { class: 'problem', role: 'alert' },
    element('h2', {}, `The service cannot answer this: ${problem.title}`), element('p', {}, problem.detail));
  const nearest = problem.nearest ?? [];
  if (nearest.length && (hrefOfNearest || problem.parameter)) {
    const links = hrefOfNearest ? nearest.map((word) => element('li', {}, element('a', { href: hrefOfNearest(word) }, word)))
      : nearestLinks(problem, query);
    box.append(element('p', {}, 'Did you mean'), element('ul', { class: 'chips' }, links));
  }
  const ways = waysOut(problem, query);
  if (ways.length) box.append(element('p', { class: 'ways' }, ways.flatMap((way) => [way, ' '])));
  return box;
};
