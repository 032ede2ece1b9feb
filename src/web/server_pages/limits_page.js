// SPDX-License-Identifier: Apache-2.0
// Concurrency limits: of tags (their name begins with "tag:") and of names that flows ask for; how much of each is taken.
import { element, svg } from './dom.js';
import { pagedTable } from './paged_table.js';
import { button, card, confirm, empty, link, table, title } from './parts.js';
import { patch, post, queryOf, remove } from './server_api.js';

const pathOf = (own) => `/v2/concurrency_limits/${own.id}`;

const meter = ({ active_slots: taken, limit }) => {
  const part = limit ? Math.min(100, (100 * taken) / limit) : 0;
  return [svg('svg', { class: 'meter', 'aria-hidden': 'true' }, svg('rect', { width: '100%', height: '100%', rx: 3 }), svg('rect', { class: 'used', width: `${part}%`, height: '100%', rx: 3 })), ` ${taken} of ${limit}`];
};

const drop = async (change, own) => {
  if (!(await confirm({ heading: `Delete the limit ${own.name}?`, text: 'What waits for it goes on.', yes: 'Delete the limit' }))) return;
  await change(() => remove(pathOf(own)), 'The limit is deleted.');
};

const line = (own, change) => {
  const input = element('input', { type: 'number', min: 0, step: 1, value: own.limit, class: 'limit', 'data-key': `limit-${own.id}`, 'aria-label': `Most at once of ${own.name}` });
  input.addEventListener('change', () => change(() => patch(pathOf(own), { limit: Number(input.value) }), 'The limit is set.'));
  const decay = own.slot_decay_per_second ? element('small', {}, ` gives back ${own.slot_decay_per_second} a second`) : null;
  return element('tr', {}, element('td', {}, element('strong', {}, own.name), own.active ? null : [' ', element('span', { class: 'chip' }, 'off')], decay), element('td', { 'data-label': 'Taken' }, meter(own)),
    element('td', { 'data-label': 'Limit' }, input), element('td', { class: 'actions' }, button(own.active ? 'Turn off' : 'Turn on', () => change(() => patch(pathOf(own), { active: !own.active })), { 'data-key': `turn-${own.id}`, 'aria-label': `Turn ${own.active ? 'off' : 'on'} ${own.name}` }),
      ' ', button('Give all back', () => change(() => patch(pathOf(own), { active_slots: 0 }), 'Nothing of it is taken now.'), { 'data-key': `reset-${own.id}`, disabled: own.active_slots === 0, 'aria-label': `Give all of ${own.name} back` }),
      ' ', button('Delete', () => drop(change, own), { class: 'danger', 'data-key': `drop-${own.id}`, 'aria-label': `Delete ${own.name}` })));
};

const form = (page) => {
  const name = element('input', { type: 'text', id: 'limit-name', autocomplete: 'off' });
  const most = element('input', { type: 'number', id: 'limit-most', min: 0, step: 1, value: 1 });
  const wrong = element('p', { class: 'wrong', role: 'alert' });
  const submit = async (event) => {
    event.preventDefault();
    try {
      await post('/v2/concurrency_limits', { name: name.value.trim(), limit: Number(most.value), active: true });
      page.say('The limit is made.');
      page.go('/limits', { replace: true });
    } catch (error) {
      wrong.textContent = error.message;
    }
  };
  return card('New limit', element('form', { class: 'fields', id: 'limit-form', novalidate: true, submit }, element('div', { class: 'field' }, element('label', { for: 'limit-name' }, 'Name'), element('p', { class: 'hint' }, 'tag:NAME limits the tasks with that tag.'), name),
    element('div', { class: 'field' }, element('label', { for: 'limit-most' }, 'Most at once'), most), wrong,
    element('div', { class: 'buttons' }, element('button', { type: 'submit', class: 'primary' }, 'Make the limit'), link('Leave it', '/limits', { class: 'button' }))));
};

export const show = async (page) => {
  const edited = page.query.has('new') ? form(page) : null;
  const ask = (after) => page.ask(`/pages/limits${queryOf({ after })}`);
  const body = element('tbody');
  const list = table(['Name', 'Taken', 'Limit', ''], body);
  const own = pagedTable(page, { list, body, ask, rows: (answer) => answer.limits, line: (limit) => line(limit, own.change), nothing: () => empty('No limit yet', 'Nothing is held back.') });
  let drawn = false;
  await page.live(ask, (answer) => {
    own.draw(answer);
    if (!drawn) page.draw('Limits', title('Concurrency limits', { beside: link('New limit', '/limits?new=1', { class: 'button primary', id: 'new-limit' }) }), edited, card('Limits', list, own.pager));
    drawn = true;
  }, 5);
  edited?.querySelector('input').focus();
};
