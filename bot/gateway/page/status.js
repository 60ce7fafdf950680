// The top of the page: who answers, the queue, whether the line is up.

import { byId, setText } from './dom.js';

export class Status {
  #mode = null;
  #position = null;
  #agent = '';
  #trouble = '';
  #humanAsked = false;

  constructor(onHuman) {
    this.human = byId('human');
    this.human.addEventListener('click', () => { if (this.human.getAttribute('aria-disabled') !== 'true') onHuman(); });
  }

  get botAnswers() { return this.#mode === 'bot' || this.#mode === null; }

  shop(name) {
    if (name) document.title = byId('shop-name').textContent = name;
  }

  /** There is nobody here to talk to. */
  close(text) {
    setText(byId('status-text'), text);
    byId('status').className = '';
    this.human.hidden = true;
    byId('strip').hidden = true;
  }

  state(mode, position) {
    this.#mode = mode ?? 'bot';
    this.#position = position;
    this.#draw();
  }

  agent(name) { this.#agent = name ?? ''; this.#draw(); }

  humanAsked(asked) { this.#humanAsked = asked; this.#draw(); }

  trouble(text) { this.#trouble = text; this.#draw(); }

  #draw() {
    setText(byId('status-text'), this.#trouble ? '正在重新连接' : this.#who());
    byId('status').className = this.#trouble ? 'down' : this.#mode ?? '';
    const strip = this.#trouble || this.#queue();
    setText(byId('strip'), strip);
    byId('strip').hidden = !strip;
    byId('strip').classList.toggle('warn', Boolean(this.#trouble));
    const busy = this.#humanAsked || this.#mode === 'waiting' || this.#mode === 'human';
    this.human.setAttribute('aria-disabled', String(busy));
    setText(this.human.querySelector('span'), this.#mode === 'human' ? '专人服务中' : busy ? '转接中' : '转人工');
  }

  #who() {
    if (this.#mode === 'human') return this.#agent ? `${this.#agent}正在为您服务` : '专人正在为您服务';
    if (this.#mode === 'waiting') return '正在转接专人';
    return this.#mode ? '助手在线' : '正在连接';
  }

  #queue() {
    if (this.#mode === 'closed') return '本次对话已结束。有新的问题，直接在下面写就好。';
    if (this.#mode !== 'waiting') return '';
    const place = this.#position ? `您排在第 ${this.#position} 位` : '已在排队';
    return `${place}，可以先把情况写下来。`;
  }
}
