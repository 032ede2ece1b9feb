// SPDX-License-Identifier: Apache-2.0
// A table of which more is shown when asked for. It is drawn anew from its begin, until somebody has walked on: who has is
// not thrown back.
import { element } from './dom.js';
import { button, redraw } from './parts.js';

// ask(cursor): an answer with `more`; rows(answer): its rows, each with a `cursor`; nothing(): what stands there without rows.
export const pagedTable = (page, { list, body, ask, rows, line, nothing }) => {
  const pager = element('div', { class: 'pager' });
  let far = false;
  const next = (answer) => page.act(async () => {
    const more = await ask(rows(answer).at(-1).cursor);
    far = true;
    const from = body.children.length;
    body.append(...rows(more).map(line));
    body.children[from]?.querySelector('a')?.focus();
    offer(more);
  });
  const offer = (answer) => pager.replaceChildren(answer.more ? button('Show more', () => next(answer), { id: 'more' }) : '');
  const draw = (answer) => {
    if (far) return;
    const first = rows(answer);
    redraw(body, ...first.map(line));
    list.hidden = !first.length;
    offer(answer);
    if (!first.length) pager.replaceChildren(nothing());
  };
  return { pager, draw };
};
