// SPDX-License-Identifier: Apache-2.0
// Small makers of elements. Text is always text: nothing here reads markup.
const SVG = 'http://www.w3.org/2000/svg';

export const byId = (id) => document.getElementById(id);

const fill = (made, attributes, children) => {
  Object.entries(attributes).forEach(([name, value]) => {
    if (typeof value === 'function') made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  });
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ''));
  return made;
};

// element('a', { href, click: handler }, 'text', otherElement)
export const element = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);
export const svg = (name, attributes = {}, ...children) => fill(document.createElementNS(SVG, name), attributes, children);

// A list of facts; those that nobody stated are left out.
export const facts = (pairs) => {
  const known = pairs.filter(([, value]) => value !== undefined && value !== null && value !== '');
  return element('dl', { class: 'facts' }, known.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))));
};
