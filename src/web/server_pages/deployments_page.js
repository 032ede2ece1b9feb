// SPDX-License-Identifier: Apache-2.0
// All deployments, by name: when they run, how their last runs ended.
import { deploymentLine, deploymentTable } from './deployment_table.js';
import { element } from './dom.js';
import { pagedTable } from './paged_table.js';
import { card, choice, empty, title } from './parts.js';
import { queryOf } from './server_api.js';

const line = (page, own) => deploymentLine(own, { tagHref: (tag) => page.href({ tag, after: '' }) });

const asked = (page, after = '') => `/pages/deployments${queryOf({ q: page.query.get('q'), tag: page.query.get('tag'), paused: page.query.get('paused'), after })}`;

const filters = (page) => {
  const set = (name) => (value) => page.go(page.href({ [name]: value.trim() }));
  const field = (label, name) => {
    const input = element('input', { type: 'search', id: `filter-${name}`, value: page.query.get(name) ?? '', change: () => set(name)(input.value) });
    return element('label', {}, label, input);
  };
  return element('form', { class: 'filters', 'aria-label': 'Filters', submit: (event) => event.preventDefault() }, field('Words in the name', 'q'), field('Tag', 'tag'),
    choice('Schedules', [['', 'Any'], ['false', 'Not paused'], ['true', 'Paused']], page.query.get('paused') ?? '', set('paused'), { id: 'filter-paused' }));
};

const nothing = (page) => ([...page.query.keys()].length ? empty('No deployment fits', element('a', { href: '/deployments' }, 'Take the filters away'))
  : empty('No deployment yet', element('pre', {}, 'prefect deployment build my_flow.py:my_flow -n nightly --cron "0 0 * * *" --apply')));

export const show = async (page) => {
  const body = element('tbody');
  const list = deploymentTable(body);
  const { pager, draw } = pagedTable(page, { list, body, ask: (after) => page.ask(asked(page, after)), rows: (answer) => answer.deployments, line: (own) => line(page, own), nothing: () => nothing(page) });
  let drawn = false;
  await page.live(() => page.ask(asked(page)), (answer) => {
    draw(answer);
    if (!drawn) page.draw('Deployments', title('Deployments'), filters(page), card('Deployments', list, pager));
    drawn = true;
  }, 10);
};
