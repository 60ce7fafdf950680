// What has been noted of the matter, each fact open to correction.

import { el, icon } from './dom.js';

let newest = null;

/** `facts`: [{fact, label, value, shown, editable}]; `edit(fact)` asks for another answer. */
export function factCard(facts, edit) {
  const card = el('section', { class: 'card facts', 'aria-label': '我记下的情况' },
    el('div', { class: 'card-head' }, icon('case'), el('h2', {}, '我记下的情况')),
    el('dl', {}, ...facts.map((fact) => row(fact, edit))),
    facts.some((fact) => fact.editable) && el('p', { class: 'card-note' }, '有不对的，点一下就能改。'));
  retire(newest);
  newest = card;
  return card;
}

function row(fact, edit) {
  const value = fact.shown ?? String(fact.value);
  return el('div', { class: 'fact' }, el('dt', {}, fact.label ?? fact.fact), el('dd', {}, fact.editable
    ? el('button', { type: 'button', 'aria-label': `${fact.label}：${value}，修改`, onclick: () => edit(fact) }, el('span', {}, value), icon('pen'))
    : el('span', {}, value)));
}

/** Only the newest card can be changed: an older one shows what was noted then. */
function retire(card) {
  card?.classList.add('old');
  for (const button of card?.querySelectorAll('button') ?? []) button.replaceWith(button.firstChild);
  card?.querySelector('.card-note')?.replaceChildren('后面有更新的一份。');
}
