// The list of lines: what the server has, in its order, and below it what is still on its way.

import { byId, el, icon, setText } from './dom.js';
import { part } from './later.js';
import { when } from './time.js';

const PAUSE = 5 * 60 * 1000; // a silence longer than this is marked with the hour
const SPEAKERS = { bot: '售后助手', agent: '专人客服' };
const STATES = { sending: '发送中', sent: '已发送', unsent: '未送达', refused: '未送达' };

export class Thread {
  #waiting = new Map(); // client_message_id → its bubble, until the server's own copy is listed
  #previous = { author: null, at: 0 };
  #lastSent = null;

  /** `hooks`: retry(line), discard(line), press(button), key(). */
  constructor(hooks) {
    this.hooks = hooks;
    this.list = byId('lines');
    this.chips = byId('chips');
    this.typingBox = byId('typing');
    this.typingText = byId('typing-text');
  }

  /** A message of the server; one shown as on its way keeps its bubble. */
  add(message) {
    const mine = message.author === 'shopper';
    const sent = mine && this.#waiting.get(message.client_message_id);
    const item = sent || this.#item(message);
    this.#waiting.delete(message.client_message_id);
    item.dataset.seq = message.seq;
    this.#mark(message);
    item.classList.toggle('first', this.#first(message));
    const next = this.#firstWaiting();
    if (!item.isConnected || item.nextSibling !== next) this.list.insertBefore(item, next);
    if (mine) this.#settled(item);
    else this.#lastSent?.classList.remove('telling');
  }

  addPending(line) {
    const item = this.#item({ author: 'shopper', text: line.text, figure: line.figure });
    item.classList.toggle('first', !this.list.lastElementChild?.classList.contains('mine'));
    this.#waiting.set(line.client_message_id, item);
    this.list.append(item);
    this.show(line, line.refused ? 'refused' : 'sending', line.refused);
  }

  /** How far a line of the shopper's has come. */
  show(line, state, note = '') {
    const item = this.#waiting.get(line.client_message_id);
    if (!item || (item.dataset.state === state && item.dataset.note === note)) return;
    Object.assign(item.dataset, { state, note });
    item.classList.add('telling');
    const told = note ? `${STATES[state]}：${note}` : STATES[state];
    const failed = state === 'refused' || (state === 'unsent' && !note);
    const offer = (title, onclick) => el('button', { type: 'button', onclick }, title);
    item.querySelector('.state').replaceChildren(
      el('span', { role: failed ? 'alert' : null }, told),
      failed ? offer('重试', () => this.hooks.retry(line)) : '',
      state === 'refused' || (line.photo && state !== 'sent') ? offer(state === 'refused' ? '删除' : '取消', () => this.#discard(line, item)) : '');
    if (state === 'sent') this.#settled(item);
  }

  /** A quiet line of the page's own. */
  note(text, before) {
    const where = !before ? this.#firstWaiting() : this.list.querySelector(`[data-seq="${before}"]`);
    this.list.insertBefore(el('li', { class: 'note' }, el('span', {}, text)), where);
    this.#previous = { author: null, at: this.#previous.at };
  }

  /** Old bubbles stay to be read, but a new conversation counts from one again. */
  begin(text) {
    for (const item of this.list.querySelectorAll('[data-seq]')) delete item.dataset.seq;
    this.note(text);
  }

  offer(buttons) {
    const same = JSON.stringify(buttons);
    if (this.offered === same) return; // drawn anew it would lose the focus
    this.offered = same;
    this.chips.hidden = !buttons.length;
    this.chips.replaceChildren(...buttons.map((button) => el('button', {
      type: 'button', class: 'chip', onclick: () => this.hooks.press(button),
    }, button.title)));
  }

  typing(text) {
    this.typingBox.hidden = !text;
    setText(this.typingText, text);
  }

  /** From now on new lines are read aloud; the history was not. */
  live() { byId('log').setAttribute('aria-live', 'polite'); }

  #item(message) {
    const { author, author_name: name, text, decision, ticket, facts, card, figure, attachments } = message;
    const speaker = name || SPEAKERS[author];
    const sheet = ticket && part('cases', ({ caseCard }) => caseCard(ticket, message.created_at, (button) => this.hooks.press(button)));
    if (author === 'system') return el('li', { class: 'note' }, el('span', {}, text ?? ''), sheet);
    const mine = author === 'shopper';
    const body = el('div', { class: 'body' },
      el('span', { class: mine ? 'sr' : 'speaker' }, mine ? '我说：' : speaker),
      figure,
      ...(attachments ?? []).map((photo) => part('pictures', ({ picture }) => picture(photo, message, this.hooks.key))),
      text && el('p', { class: 'bubble' }, text),
      facts?.length && part('facts', ({ factCard }) => factCard(facts, (fact) => this.hooks.press({ title: `修改${fact.label}`, payload: `edit:${fact.fact}` }))),
      decision && part('cards', ({ decisionCard }) => decisionCard(decision, text)),
      card && part('care', ({ careCard }) => careCard(card, text)),
      sheet,
      message.seq === 1 && consent(),
      mine && el('p', { class: 'state', 'aria-live': 'off' }));
    const face = el('span', { class: 'avatar', 'aria-hidden': 'true' }, author === 'agent' ? speaker.slice(0, 1) : icon('mark'));
    return el('li', { class: `line ${mine ? 'mine' : author}` }, !mine && face, body);
  }

  #mark(message) {
    const at = Date.parse(message.created_at) || this.#previous.at;
    const pause = at - this.#previous.at > PAUSE;
    if (pause) {
      this.list.insertBefore(el('li', { class: 'when' }, el('time', { datetime: message.created_at }, when(message.created_at))), this.#firstWaiting());
      this.#previous.author = null;
    }
    this.#previous.at = at;
  }

  #first(message) {
    const speaker = `${message.author}/${message.author_name ?? ''}`;
    const first = speaker !== this.#previous.author;
    this.#previous.author = speaker;
    return first;
  }

  #firstWaiting() { return this.#waiting.values().next().value ?? null; }

  #settled(item) {
    if (this.#lastSent !== item) this.#lastSent?.classList.remove('telling');
    this.#lastSent = item;
    item.querySelector('.state').replaceChildren(STATES.sent);
    item.classList.add('telling');
    item.dataset.state = 'sent';
  }

  #discard(line, item) {
    this.#waiting.delete(line.client_message_id);
    item.remove();
    this.hooks.discard(line);
  }
}

/** The profile's `privacy`, under the greeting. */
const consent = () => el('p', { class: 'consent' }, '继续聊就是同意我们按',
  el('a', { href: '/privacy', target: '_blank', rel: 'noopener' }, '《隐私说明》'), '用您发来的内容处理售后。');
