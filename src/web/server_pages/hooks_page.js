// SPDX-License-Identifier: Apache-2.0
// Hooks: addresses that other programs post to. What they send becomes an event that automations can start from.
import { element } from './dom.js';
import { button, card, confirm, copied, empty, field, link, redraw, title } from './parts.js';
import { post, queryOf, remove } from './server_api.js';
import { ago } from './when.js';

const addressOf = (own) => `${location.origin}/api/hooks/${own.id}`;
const commandOf = (own) => `curl -X POST -H 'Content-Type: application/json' -d '{"year": 2024}' ${addressOf(own)}`;

const drop = async (page, own) => {
  if (!(await confirm({ heading: `Delete the hook ${own.name}?`, text: 'Who posts to its address is refused from then on.', yes: 'Delete the hook' }))) return;
  await page.act(() => remove(`/hooks/${own.id}`), 'The hook is deleted.');
};

const line = (page, own) => element('li', {}, element('div', { class: 'row' }, element('strong', {}, own.name),
  own.last_received ? link(['called ', ago(own.last_received)], `/events${queryOf({ resource: `tidemill.hook.${own.name}`, since: '2592000' })}`, { class: 'soft' }) : element('span', { class: 'soft' }, 'not called yet'),
  element('span', { class: 'end' }, link('Automate', `/automations${queryOf({ edit: 'new', hook: own.name })}`, { class: 'button', 'aria-label': `New automation for ${own.name}` }),
    button('Delete', () => drop(page, own), { class: 'danger', 'data-key': `drop-${own.id}`, 'aria-label': `Delete ${own.name}` }))),
copied(page, addressOf(own), `Copy the address of ${own.name}`), copied(page, commandOf(own), `Copy a command that calls ${own.name}`));

const form = (page) => {
  const name = element('input', { type: 'text', id: 'hook-name', autocomplete: 'off' });
  const wrong = element('p', { class: 'wrong', role: 'alert' });
  const submit = async (event) => {
    event.preventDefault();
    try {
      await post('/hooks', { name: name.value.trim() });
      page.say('The hook is made. Its address is its password.');
      page.go('/hooks', { replace: true });
    } catch (error) {
      wrong.textContent = error.message;
    }
  };
  return card('New hook', element('form', { class: 'fields', id: 'hook-form', novalidate: true, submit }, field(name, 'Name', 'Automations know it by this: tidemill.hook.NAME.'), wrong,
    element('div', { class: 'buttons' }, element('button', { type: 'submit', class: 'primary', id: 'save-hook' }, 'Make the hook'), link('Leave it', '/hooks', { class: 'button' }))));
};

export const show = async (page) => {
  const made = page.query.has('new') ? form(page) : null;
  const body = element('div');
  let drawn = false;
  await page.live(async () => ({ hooks: await page.ask('/hooks') }), ({ hooks }) => {
    redraw(body, hooks.length ? element('ul', { class: 'hooks' }, hooks.map((own) => line(page, own)))
      : empty('No hook yet', 'Let another program, such as a publisher\u2019s feed, start a deployment by a post.'));
    if (!drawn) {
      page.draw('Hooks', title('Hooks', { beside: link('New hook', '/hooks?new=1', { class: 'button primary', id: 'new-hook' }) }), made,
        card('Hooks', element('p', { class: 'soft' }, 'Who knows a hook\u2019s address may post JSON to it: the address is the password. What is sent becomes the event tidemill.hook.received.'), body));
    }
    drawn = true;
  }, 5);
  made?.querySelector('input').focus();
};
