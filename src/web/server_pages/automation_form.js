// SPDX-License-Identifier: Apache-2.0
// An automation by a form: the usual ones in words, all others as the JSON that the server keeps.
import { element } from './dom.js';
import { card, link } from './parts.js';
import { ask, post } from './server_api.js';

const STATES = ['Failed', 'Crashed', 'Completed', 'Cancelled', 'Late', 'Running', 'TimedOut'];
const WHEN = [['state', 'A run comes into a state'], ['event', 'An event with a name'], ['json', 'As JSON']];
const THEN = [['run-deployment', 'Run a deployment'], ['pause-deployment', 'Pause a deployment'], ['cancel-flow-run', 'Cancel the run'], ['json', 'As JSON']];

const pretty = (value) => JSON.stringify(value, null, 2);
const field = (id, text, input, hint) => element('div', { class: 'field' }, element('label', { for: id }, text), hint ? element('p', { class: 'hint' }, hint) : null, input);
const select = (id, options, value, change) => {
  const own = element('select', { id, change: () => change?.(own.value) }, options.map(([name, word]) => element('option', { value: name, selected: name === value }, word)));
  return own;
};
const parse = (text, what) => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${what}: no JSON: ${error.message}`);
  }
};

// Parts of which one is seen, by the choice above them.
const turning = (id, label, options, value, parts) => {
  const turn = (name) => Object.entries(parts).forEach(([own, part]) => { part.hidden = own !== name; });
  const chosen = select(id, options, value, turn);
  turn(value);
  return [chosen, [field(id, label, chosen), Object.values(parts)]];
};

const whenPart = (known, deployments) => {
  const state = select('state', STATES.map((name) => [name, name]), 'Failed');
  const of = select('of', [['', 'Any'], ...deployments.map((own) => [own.name, `${own.flow_name}/${own.name}`])], '');
  const event = element('input', { type: 'text', id: 'event', class: 'mono', autocomplete: 'off', placeholder: 'tidemill.dataset.*' });
  const json = element('textarea', { id: 'trigger', class: 'mono', spellcheck: 'false' }, known ? pretty(known.trigger) : '');
  const [chosen, rows] = turning('when', 'When', WHEN, known ? 'json' : 'state', {
    state: element('div', { class: 'beside' }, field('state', 'State', state), field('of', 'Of the deployment', of)), event: field('event', 'Name of the event', event, 'A * at the end stands for any rest.'), json: field('trigger', 'Trigger', json) });
  const read = () => {
    const usual = { type: 'event', posture: 'Reactive', threshold: 1, within: 0 };
    if (chosen.value === 'json') return parse(json.value, 'trigger');
    if (chosen.value === 'event') return { ...usual, expect: [event.value.trim()] };
    const related = of.value ? { match_related: { 'prefect.resource.role': 'deployment', 'prefect.resource.name': of.value } } : {};
    return { ...usual, expect: [`prefect.flow-run.${state.value}`], match: { 'prefect.resource.id': 'prefect.flow-run.*' }, ...related };
  };
  return [rows, read];
};

const thenPart = (known, deployments) => {
  const deployment = select('deployment', deployments.map((own) => [own.id, `${own.flow_name}/${own.name}`]), '');
  const paused = select('paused-deployment', deployments.map((own) => [own.id, `${own.flow_name}/${own.name}`]), '');
  const parameters = element('textarea', { id: 'parameters', class: 'mono', spellcheck: 'false', placeholder: '{}' });
  const json = element('textarea', { id: 'actions', class: 'mono', spellcheck: 'false' }, known ? pretty(known.actions) : '');
  const [chosen, rows] = turning('then', 'Then', THEN, known ? 'json' : 'run-deployment', {
    'run-deployment': element('div', { class: 'group' }, field('deployment', 'Deployment', deployment), field('parameters', 'Parameters', parameters, 'A JSON object. {{ event.payload.name }} stands for what the event says.')),
    'pause-deployment': field('paused-deployment', 'Deployment', paused), 'cancel-flow-run': element('p', { class: 'state' }, 'The run that the event is of.'), json: field('actions', 'Actions', json) });
  const read = () => {
    if (chosen.value === 'json') return parse(json.value, 'actions');
    if (chosen.value === 'run-deployment') return [{ type: 'run-deployment', source: 'selected', deployment_id: deployment.value, parameters: parameters.value.trim() ? parse(parameters.value, 'parameters') : {} }];
    if (chosen.value === 'pause-deployment') return [{ type: 'pause-deployment', source: 'selected', deployment_id: paused.value }];
    return [{ type: 'cancel-flow-run' }];
  };
  return [rows, read];
};

export const automationForm = (page, known, deployments) => {
  const name = element('input', { type: 'text', id: 'automation-name', value: known?.name ?? '', autocomplete: 'off' });
  const [when, trigger] = whenPart(known, deployments);
  const [then, actions] = thenPart(known, deployments);
  const wrong = element('p', { class: 'wrong', role: 'alert' });
  const submit = async (event) => {
    event.preventDefault();
    try {
      const body = { ...(known ?? {}), name: name.value.trim(), enabled: known?.enabled ?? true, trigger: trigger(), actions: actions() };
      await (known ? ask(`/automations/${known.id}`, { method: 'PUT', body }) : post('/automations', body));
      page.say('The automation is saved.');
      page.go('/automations', { replace: true });
    } catch (error) {
      wrong.textContent = error.message;
    }
  };
  return card(known ? `Edit ${known.name}` : 'New automation', element('form', { class: 'fields', id: 'automation-form', novalidate: true, submit }, field('automation-name', 'Name', name), element('fieldset', {}, element('legend', {}, 'Trigger'), when),
    element('fieldset', {}, element('legend', {}, 'Action'), then), wrong, element('div', { class: 'buttons' }, element('button', { type: 'submit', class: 'primary', id: 'save-automation' }, 'Save the automation'), link('Leave it', '/automations', { class: 'button' }))));
};
