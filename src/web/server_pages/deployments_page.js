// SPDX-License-Identifier: Apache-2.0
// All deployments, by name: when they run, how their last runs ended.
import { deploymentLine, deploymentTable } from './deployment_table.js';
import { element } from './dom.js';
import { button, card, choice, empty, redraw, title } from './parts.js';
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
  const table = deploymentTable(body);
  const pager = element('div', { class: 'pager' });
  const pagerOf = (answer) => {
    const next = async () => {
      const more = await page.ask(asked(page, answer.deployments.at(-1).cursor));
      const from = body.children.length;
      body.append(...more.deployments.map((own) => line(page, own)));
      body.children[from]?.querySelector('a')?.focus();
      pagerOf(more);
    };
    pager.replaceChildren(answer.more ? button('Show more', next, { id: 'more' }) : '');
  };
  let drawn = false;
  await page.live(() => page.ask(asked(page)), (answer) => {
    redraw(body, ...answer.deployments.map((own) => line(page, own)));
    table.hidden = !answer.deployments.length;
    pagerOf(answer);
    if (!answer.deployments.length) pager.replaceChildren(nothing(page));
    if (!drawn) page.draw('Deployments', title('Deployments'), filters(page), card('Deployments', table, pager));
    drawn = true;
  }, 10);
};
