// The two cards a line can carry: the decision with its grounds, and the case with its number.

import { el, icon, setText } from './dom.js';
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

export function caseCard({ no, state, due }) {
  const until = due && words.running(state) && words.due(due);
  return el('section', { class: 'card case', 'aria-label': `受理单 ${no}` },
    el('div', { class: 'card-head' }, icon('case'), el('h2', {}, '受理单'), state && el('span', { class: 'badge' }, words.state(state))),
    el('div', { class: 'case-no' }, grouped(no), copyButton(String(no))),
    until && el('p', { class: 'card-note' }, '办理期限 ', el('strong', {}, until), '（北京时间）'));
}

/** Gaps between the groups are drawn, not typed: what is selected and copied is the number itself. */
function grouped(no) {
  const spoken = /^(\d{6})(\d{4,})(\d)$/.exec(no)?.slice(1); // as the bot says it: day, running number, check digit
  const groups = spoken ?? String(no).match(/\d{1,4}|\D+/g) ?? [];
  return el('span', { class: 'digits' }, ...groups.map((group) => el('span', {}, group)));
}

function copyButton(no) {
  const status = el('span', { class: 'sr', role: 'status' });
  const button = el('button', { type: 'button', class: 'copy', 'aria-label': `复制单号 ${no}` }, '复制');
  button.addEventListener('click', async () => {
    const copied = await copy(no);
    setText(button, copied ? '已复制' : '请长按复制');
    setText(status, copied ? '单号已复制' : '没能自动复制');
    setTimeout(() => { setText(button, '复制'); setText(status, ''); }, 2500);
  });
  return el('span', { class: 'copy-box' }, button, status);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOldWay(text); // plain http has no clipboard
  }
}

function copyOldWay(text) {
  const box = el('textarea', { class: 'sr', readonly: true, 'aria-hidden': 'true' });
  const focused = document.activeElement;
  box.value = text;
  document.body.append(box);
  box.select();
  let copied = false;
  try { copied = document.execCommand('copy'); } catch { /* told below: press and hold */ }
  box.remove();
  focused?.focus({ preventScroll: true });
  return copied;
}
