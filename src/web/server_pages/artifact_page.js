// SPDX-License-Identifier: Apache-2.0
// One artifact, whole.
import { artifactBody } from './artifact.js';
import { element, facts } from './dom.js';
import { card, link, runHref, title } from './parts.js';
import { at } from './when.js';

export const show = async (page) => {
  const own = await page.ask(`/artifacts/${encodeURIComponent(page.parameters[0])}`);
  const name = own.key ?? own.type ?? 'Artifact';
  page.draw(name, title(name, { up: { href: '/artifacts', text: 'Artifacts' } }),
    card('About', facts([['Kind', own.type], ['Made', at(own.created)], ['Run', own.flow_run_id ? link('the run that made it', runHref(own.flow_run_id)) : null],
      ['Others of its key', own.key ? link('all', `/artifacts?key=${encodeURIComponent(own.key)}`) : null], ['Id', element('code', {}, own.id)]]), own.description ? element('p', { class: 'soft' }, own.description) : null),
    card('What it holds', artifactBody(own)));
};
