// SPDX-License-Identifier: Apache-2.0
// Deployments as a table: when they run, how their last runs ended.
import { element } from './dom.js';
import { chips, deploymentHref, flowHref, link, poolHref, table } from './parts.js';
import { recent } from './recent.js';
import { scheduleWords } from './schedule_words.js';
import { ago } from './when.js';

const soft = (text) => element('span', { class: 'soft' }, text);

// tagHref: where a tag leads, or nothing; flow: whether its flow is named.
export const deploymentLine = (own, { tagHref = null, flow = true } = {}) => element('tr', {},
  element('td', {}, element('a', { class: 'name', href: deploymentHref(own.id), 'data-key': own.id }, own.name), ' ', own.paused ? element('span', { class: 'chip' }, 'paused') : null,
    element('div', { class: 'soft' }, flow ? [link(own.flow_name, flowHref(own.flow_id)), ' '] : null, chips(own.tags, tagHref))),
  element('td', { 'data-label': 'Schedule' }, own.schedules.length ? own.schedules.map((one) => element('div', { class: one.active ? null : 'soft' }, scheduleWords(one.schedule), one.active ? '' : ' (off)')) : soft('none')),
  element('td', { 'data-label': 'Next run' }, ago(own.next_start)),
  element('td', { 'data-label': 'Last runs' }, own.last_runs.length ? recent(own.last_runs) : soft('never run')),
  element('td', { 'data-label': 'Work pool' }, own.work_pool_name ? [link(own.work_pool_name, poolHref(own.work_pool_name)), element('small', {}, ` ${own.work_queue_name ?? ''}`)] : soft('none')));

export const deploymentTable = (body) => table(['Name', 'Schedule', 'Next run', 'Last runs', 'Work pool'], body);
