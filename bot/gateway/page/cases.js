// The case that a line speaks of: its number, how it stands, and what its shopper can do about it.

import { el, icon, setText } from './dom.js';
import * as words from './words.js';

const LIVE = ['submitted', 'reviewing', 'approved', 'reopened', 'awaiting_customer', 'goods_in_transit', 'inspecting', 'repairing', 'refunding'];
const WAITED_FOR = 'awaiting_customer';
const TOO_LATE = ['repairing', 'refunding'];
const newest = new Map(); // number → its last card: only that one can be acted on

/** `saidAt`: when the line was said, by the server's clock; `press(button)` sends what a button means. */
export function caseCard({ no, state, due }, saidAt, press) {
  const acts = el('div', { class: 'case-acts' }, ...choices(no, state, press));
  newest.get(no)?.remove();
  newest.set(no, acts);
  return el('section', { class: 'card case', 'aria-label': `受理单 ${no}` },
    el('div', { class: 'card-head' }, icon('case'), el('h2', {}, '受理单'), state && el('span', { class: 'badge' }, words.state(state))),
    el('div', { class: 'case-no' }, grouped(no), copyButton(String(no))),
    term(state, due, saidAt),
    acts.firstChild && acts);
}

/** While the shopper is waited for, no clock runs. */
function term(state, due, saidAt) {
  const until = due && state !== WAITED_FOR && LIVE.includes(state) && words.due(due);
  if (!until) return null;
  const late = Date.parse(due) < Date.parse(saidAt);
  return el('p', { class: 'card-note' }, late ? '原定 ' : '办理期限 ', el('strong', {}, until), '（北京时间）',
    late && '，已经过了，让您久等了。点“催一下”，会马上记进单子。');
}

function choices(no, state, press) {
  const send = (title, payload) => button(title, () => press({ title, payload }));
  if (state === 'done') return [send('解决了', `case:confirm=${no}`), send('还没解决', `case:dispute=${no}`)];
  if (['rejected', 'confirmed', 'closed'].includes(state)) return [send('还没解决', `case:dispute=${no}`)];
  if (!LIVE.includes(state)) return [];
  return [
    state !== WAITED_FOR && send('催一下', `case:urge=${no}`),
    button('补充照片', () => document.getElementById('photo').click()),
    !TOO_LATE.includes(state) && send('撤回申请', 'intent:withdraw_request'),
  ];
}

function button(title, onclick) {
  return el('button', { type: 'button', onclick }, title);
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
