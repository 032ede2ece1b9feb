// SPDX-License-Identifier: Apache-2.0
// Automations: when an event of a kind comes, something is done.
import { automationForm } from './automation_form.js';
import { element } from './dom.js';
import { button, card, chips, confirm, deploymentHref, empty, link, redraw, title } from './parts.js';
import { ask, patch, remove } from './server_api.js';

const MOST = 200;

const list = (value) => [value].flat().filter((own) => own !== undefined && own !== null);
const labels = (match) => Object.entries(match ?? {}).map(([name, value]) => `${name.replace(/^prefect\.resource\./, '')} ${list(value).join(' or ')}`).join(', ');
const triggerWords = (trigger) => [list(trigger.expect).join(' or ') || 'any event', labels(trigger.match) ? `of ${labels(trigger.match)}` : '', list(trigger.match_related).map((own) => `with ${labels(own)}`).join(' '),
  trigger.threshold > 1 ? `${trigger.threshold} times${trigger.within ? ` in ${trigger.within} s` : ''}` : ''].filter(Boolean).join(' ');

const action = (own) => element('div', {}, own.type, own.deployment_id ? [' ', link('the deployment', deploymentHref(own.deployment_id))] : own.url ? [' ', element('code', {}, own.url)] : null);

const drop = async (page, own) => {
  if (!(await confirm({ heading: `Delete ${own.name}?`, text: 'What it waits for will have no effect.', yes: 'Delete the automation' }))) return;
  await page.act(() => remove(`/automations/${own.id}`), 'The automation is deleted.');
};

const line = (page, own) => element('tr', {}, element('td', {}, element('strong', {}, own.name), ' ', own.enabled ? null : element('span', { class: 'chip' }, 'off'), own.description ? element('div', { class: 'soft' }, own.description) : null, chips(own.tags)),
  element('td', { 'data-label': 'When' }, triggerWords(own.trigger)), element('td', { 'data-label': 'Then' }, own.actions.map(action)),
  element('td', { class: 'actions' }, button(own.enabled ? 'Turn off' : 'Turn on', () => page.act(() => patch(`/automations/${own.id}`, { enabled: !own.enabled })), { 'data-key': `turn-${own.id}`, 'aria-label': `Turn ${own.enabled ? 'off' : 'on'} ${own.name}` }),
    ' ', link('Edit', page.href({ edit: own.id }), { class: 'button', 'aria-label': `Edit ${own.name}` }), ' ', button('Delete', () => drop(page, own), { class: 'danger', 'data-key': `drop-${own.id}`, 'aria-label': `Delete ${own.name}` })));

const deployments = async (page) => (await page.ask('/pages/deployments')).deployments;

export const show = async (page) => {
  const wanted = page.query.get('edit');
  const load = async () => ({ automations: await ask('/automations/filter', { method: 'POST', body: { limit: MOST, sort: 'NAME_ASC' }, signal: page.leaving.signal }) });
  const body = element('div');
  const form = element('div');
  const choices = wanted ? await deployments(page) : [];
  let drawn = false;
  await page.live(load, ({ automations }) => {
    redraw(body, automations.length ? element('table', { class: 'fold' }, element('thead', {}, element('tr', {}, ['Name', 'When', 'Then', ''].map((text) => element('th', { scope: 'col' }, text)))), element('tbody', {}, automations.map((own) => line(page, own))))
      : empty('No automation yet', 'Let a failed run tell somebody, or a new version of a dataset start a deployment.'));
    if (drawn) return;
    const known = automations.find((own) => own.id === wanted) ?? null;
    if (wanted) form.append(automationForm(page, known, choices));
    page.draw('Automations', title('Automations', { beside: link('New automation', '/automations?edit=new', { class: 'button primary', id: 'new-automation' }) }), form, card('Automations', body));
    drawn = true;
    form.querySelector('input')?.focus();
  }, 10);
};
