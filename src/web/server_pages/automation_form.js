// SPDX-License-Identifier: Apache-2.0
// An automation by a form: the usual ones in words, all others as the JSON that the server keeps.
import { element } from './dom.js';
import { card, field, link } from './parts.js';
import { ask, post } from './server_api.js';

const STATES = ['Failed', 'Crashed', 'Completed', 'Cancelled', 'Late', 'Running', 'TimedOut'];
const WHEN = [['state', 'A run comes into a state'], ['dataset', 'A dataset has a new version'], ['hook', 'A hook is called'], ['event', 'An event with a name'], ['json', 'As JSON']];
const THEN = [['run-deployment', 'Run a deployment'], ['pause-deployment', 'Pause a deployment'], ['cancel-flow-run', 'Cancel the run'], ['call-webhook', 'Post to a web address'], ['json', 'As JSON']];

const pretty = (value) => JSON.stringify(value, null, 2);
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
  return [chosen, [field(chosen, label), Object.values(parts)]];
};

const whenPart = (known, { deployments, hooks, hook }) => {
  const state = select('state', STATES.map((name) => [name, name]), 'Failed');
  const of = select('of', [['', 'Any'], ...deployments.map((own) => [own.name, `${own.flow_name}/${own.name}`])], '');
  const dataset = element('input', { type: 'text', id: 'dataset', class: 'mono', autocomplete: 'off', placeholder: 'any' });
  const hookName = select('hook', hooks.map((own) => [own.name, own.name]), hook);
  const event = element('input', { type: 'text', id: 'event', class: 'mono', autocomplete: 'off', placeholder: 'tidemill.dataset.*' });
  const json = element('textarea', { id: 'trigger', class: 'mono', spellcheck: 'false' }, known ? pretty(known.trigger) : '');
  const [chosen, rows] = turning('when', 'When', WHEN, known ? 'json' : hook ? 'hook' : 'state', {
    state: element('div', { class: 'beside' }, field(state, 'State'), field(of, 'Of the deployment')), dataset: field(dataset, 'Dataset', 'Its name, such as deaths_monthly. A run that publishes tells of it.'),
    hook: hooks.length ? field(hookName, 'Hook') : element('p', { class: 'state' }, 'There is no hook yet: ', link('make one', '/hooks?new=1'), '.'),
    event: field(event, 'Name of the event', 'A * at the end stands for any rest.'), json: field(json, 'Trigger') });
  const read = () => {
    const usual = { type: 'event', posture: 'Reactive', threshold: 1, within: 0 };
    if (chosen.value === 'json') return parse(json.value, 'trigger');
    if (chosen.value === 'event') return { ...usual, expect: [event.value.trim()] };
    const ofThing = (name, id) => ({ ...usual, expect: [name], match: { 'prefect.resource.id': id } });
    if (chosen.value === 'dataset') return ofThing('tidemill.dataset.published', `tidemill.dataset.${dataset.value.trim() || '*'}`);
    if (chosen.value === 'hook' && !hookName.value) throw new Error('a hook must be chosen');
    if (chosen.value === 'hook') return ofThing('tidemill.hook.received', `tidemill.hook.${hookName.value}`);
    const related = of.value ? { match_related: { 'prefect.resource.role': 'deployment', 'prefect.resource.name': of.value } } : {};
    return { ...usual, expect: [`prefect.flow-run.${state.value}`], match: { 'prefect.resource.id': 'prefect.flow-run.*' }, ...related };
  };
  return [rows, read];
};

const thenPart = (known, { deployments, most_choices: most }) => {
  const others = deployments.length < most ? '' : `The first ${most.toLocaleString('en-GB')} by name; another one as JSON, by its id.`;
  const deployment = select('deployment', deployments.map((own) => [own.id, `${own.flow_name}/${own.name}`]), '');
  const paused = select('paused-deployment', deployments.map((own) => [own.id, `${own.flow_name}/${own.name}`]), '');
  const parameters = element('textarea', { id: 'parameters', class: 'mono', spellcheck: 'false', placeholder: '{}' });
  const url = element('input', { type: 'url', id: 'url', class: 'mono', autocomplete: 'off', placeholder: 'https://' });
  const payload = element('textarea', { id: 'payload', class: 'mono', spellcheck: 'false' }, '{"text": "{{ event.event }}"}');
  const json = element('textarea', { id: 'actions', class: 'mono', spellcheck: 'false' }, known ? pretty(known.actions) : '');
  const [chosen, rows] = turning('then', 'Then', THEN, known ? 'json' : 'run-deployment', {
    'run-deployment': element('div', { class: 'group' }, field(deployment, 'Deployment', others), field(parameters, 'Parameters', 'A JSON object. {{ event.payload.name }} stands for what the event says.')),
    'pause-deployment': field(paused, 'Deployment', others), 'cancel-flow-run': element('p', { class: 'state' }, 'The run that the event is of.'),
    'call-webhook': element('div', { class: 'group' }, field(url, 'Address'), field(payload, 'Body', 'What is sent. {{ event.payload.name }} stands for what the event says.')), json: field(json, 'Actions') });
  const read = () => {
    if (chosen.value === 'json') return parse(json.value, 'actions');
    if (chosen.value === 'run-deployment') return [{ type: 'run-deployment', source: 'selected', deployment_id: deployment.value, parameters: parameters.value.trim() ? parse(parameters.value, 'parameters') : {} }];
    if (chosen.value === 'pause-deployment') return [{ type: 'pause-deployment', source: 'selected', deployment_id: paused.value }];
    if (chosen.value === 'call-webhook') return [{ type: 'call-webhook', url: url.value.trim(), payload: parse(payload.value, 'body') }];
    return [{ type: 'cancel-flow-run' }];
  };
  return [rows, read];
};

// choices: { deployments, hooks, most_choices, hook: the name of the one that a new automation is for, or '' }.
export const automationForm = (page, known, choices) => {
  const name = element('input', { type: 'text', id: 'automation-name', value: known?.name ?? '', autocomplete: 'off' });
  const [when, trigger] = whenPart(known, choices);
  const [then, actions] = thenPart(known, choices);
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
  return card(known ? `Edit ${known.name}` : 'New automation', element('form', { class: 'fields', id: 'automation-form', novalidate: true, submit }, field(name, 'Name'), element('fieldset', {}, element('legend', {}, 'Trigger'), when),
    element('fieldset', {}, element('legend', {}, 'Action'), then), wrong, element('div', { class: 'buttons' }, element('button', { type: 'submit', class: 'primary', id: 'save-automation' }, 'Save the automation'), link('Leave it', '/automations', { class: 'button' }))));
};
