// What was decided, with its remedies, its next steps and its grounds.

import { el, icon } from './dom.js';
import * as words from './words.js';

/** `said` is the line above the card: reason and presumptions are not written twice. Null while nothing is decided. */
export function decisionCard(decision, said) {
  const result = words.outcome(decision);
  if (!result) return null;
  const reason = decision.reason && !said?.includes(decision.reason) && el('p', { class: 'card-reason' }, decision.reason);
  return el('section', { class: `card ${result.tone}`, 'aria-label': `处理结果：${result.words}` },
    el('div', { class: 'card-head' }, icon(result.icon), el('h2', {}, result.words)),
    reason,
    remedies(decision.remedies ?? [], result),
    result.target && el('p', { class: 'card-note' }, `由${result.target}跟进`),
    steps(decision.next_steps ?? []),
    !said?.includes('如果不是') && presumptions(decision.presumed ?? []),
    clauses(decision.clauses ?? []));
}

function remedies(list, result) {
  if (!list.length) return null;
  const lone = list.length === 1 && list[0].type === result.key;
  const rows = list.map((item) => remedyRow(item, lone)).filter(Boolean);
  const lead = result.key === 'refuse' && rows.length > 0 && el('p', { class: 'card-label' }, '您还可以');
  return rows.length ? el('div', {}, lead, el('ul', { class: 'remedies' }, ...rows)) : null;
}

function remedyRow(item, lone) {
  const until = item.due && words.due(item.due);
  const detail = [item.term && words.term(item.term), until && `最晚 ${until}`].filter(Boolean);
  if (lone && !item.amount && !detail.length) return null;
  const label = !(lone && item.amount) && el('span', { class: 'remedy-name' }, item.title ?? words.remedy(item.type));
  return el('li', {},
    el('span', { class: 'remedy-main' }, label, item.amount && el('span', { class: lone ? 'amount big' : 'amount' }, words.money(item.amount))),
    ...detail.map((line) => el('span', { class: 'remedy-when' }, line)));
}

function steps(list) {
  if (!list.length) return null;
  return el('div', {}, el('p', { class: 'card-label' }, '接下来'),
    el('ol', { class: 'steps' }, ...list.map((step) => el('li', {}, step))));
}

function presumptions(list) {
  if (!list.length) return null;
  const { said, untold } = words.presumed(list);
  const more = said.length && untold ? `（另有 ${untold} 项按常见情况）` : '';
  return el('p', { class: 'card-note' }, `我们先按${said.join('、') || '常见情况'}处理${more}，如果不是，请告诉我。`);
}

function clauses(list) {
  if (!list.length) return null;
  return el('details', { class: 'clauses' },
    el('summary', {}, `依据 ${list.length} 条规则`, icon('fold')),
    el('ul', {}, ...list.map((clause) => el('li', {}, el('span', { class: 'clause-id' }, clause.id), el('span', {}, clause.title)))));
}
