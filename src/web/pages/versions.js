// SPDX-License-Identifier: Apache-2.0
// Which version of the data is shown, and which it is compared with.
import { ask, pathOf } from './api.js';
import { element } from './dom.js';
import { number } from './words.js';

const name = (own) => `${own.vintage}${own.released ? `, released ${own.released}` : ''}`;

export const versionTitle = (page, text) => {
  const own = page.vintages.find((known) => String(known.vintage) === text);
  return `Version ${own ? name(own) : text}`;
};

const option = (value, text) => element('option', { value }, text);

export class Versions {
  constructor(page) {
    this.page = page;
    const known = page.vintages.map((own) => option(own.vintage, name(own)));
    this.shown = element('select', { change: () => this.choose({ vintage: this.shown.value }) }, option('', 'newest'), known);
    this.date = element('input', { type: 'date', change: () => this.choose({ as_of: this.date.value }) });
    this.against = element('select', { change: () => this.compare() }, option('', 'nothing'),
      page.vintages.map((own) => option(own.vintage, name(own))));
    this.history = element('input', { type: 'checkbox', change: () => this.choose({ vintages: this.history.checked ? 'all' : '' }) });
    this.changes = element('p', { class: 'note' });
    this.element = element('fieldset', { class: 'span versions' }, element('legend', {}, 'Version'),
      element('label', {}, 'Shown', this.shown), element('label', {}, 'As known on', this.date),
      element('label', {}, 'Compare with', this.against),
      element('label', { class: 'tick' }, this.history, 'every value ever published'), this.changes);
  }

  choose(wanted) {
    const [[parameter, value]] = Object.entries(wanted);
    const query = this.page.query().without('vintage', 'as_of', 'as_of_by', 'vintages', 'cursor').with(parameter, value);
    this.page.go(query);
  }

  compare() {
    this.page.go(this.page.query(), this.page.view().with('against', this.against.value));
  }

  update(query, view) {
    this.shown.value = query.get('vintage');
    this.date.value = query.get('as_of');
    this.against.value = view.get('against');
    this.history.checked = query.get('vintages') === 'all';
    const own = this.page.vintages.find((known) => known.vintage === this.page.vintage);
    if (!own) return;
    const words = `Version ${own.vintage}: ${number(own.added)} added, ${number(own.revised)} revised, ${number(own.removed)} removed.`;
    this.changes.replaceChildren(words, ' ', element('a', { href: pathOf(this.page.id, `vintages/${own.vintage}/diff.csv`) }, 'All changes (CSV)'));
  }
}

// A table with one version may have no list of them.
export const loadVintages = async (id) => {
  try {
    return (await ask(pathOf(id, 'vintages'))).vintages;
  } catch (error) {
    if (error.problem?.status === 404) return [];
    throw error;
  }
};
