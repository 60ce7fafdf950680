// The top of the page: who answers, the queue, whether the line is up.

import { byId, setText } from './dom.js';

export class Status {
  #mode = null;
  #position = null;
  #minutes = null;
  #agent = null;
  #trouble = '';
  #humanAsked = false;

  /** `say(text, payload)` sends what one of the buttons up here means. */
  constructor(say) {
    this.human = byId('human');
    this.human.addEventListener('click', () => { if (this.human.getAttribute('aria-disabled') !== 'true') say('转人工', 'human'); });
    byId('stay').addEventListener('click', (event) => say(event.target.textContent, 'bot'));
    byId('mine').addEventListener('click', () => say('我的工单', 'intent:ticket_status'));
  }

  get botAnswers() { return this.#mode === 'bot' || this.#mode === null; }

  get manned() { return this.#mode === 'human'; }

  get waits() { return this.#mode === 'waiting'; }

  get over() { return this.#mode === 'closed'; }

  shop(name) {
    if (name) document.title = byId('shop-name').textContent = name;
  }

  /** There is nobody here to talk to. */
  close(text) {
    setText(byId('status-text'), text);
    byId('status').className = '';
    for (const button of [this.human, byId('mine'), byId('strip')]) button.hidden = true;
  }

  /** As the server tells it: mode, place in the queue, minutes that it may take, who took over. */
  state({ mode, position, wait_minutes: minutes, agent_name: agent }) {
    this.#mode = mode ?? 'bot';
    this.#position = position;
    this.#minutes = minutes;
    this.#agent = agent;
    this.#draw();
  }

  humanAsked(asked) { this.#humanAsked = asked; this.#draw(); }

  trouble(text) { this.#trouble = text; this.#draw(); }

  #draw() {
    setText(byId('status-text'), this.#trouble ? '正在重新连接' : this.#who());
    byId('status').className = this.#trouble ? 'down' : this.#mode ?? '';
    const told = this.#trouble || this.#queue();
    setText(byId('strip-text'), told);
    byId('strip').hidden = !told;
    byId('strip').classList.toggle('warn', Boolean(this.#trouble));
    byId('stay').hidden = !this.waits || Boolean(this.#trouble);
    byId('mine').hidden = this.waits || this.manned;
    const busy = this.#humanAsked || this.waits || this.manned;
    this.human.setAttribute('aria-disabled', String(busy));
    setText(this.human.querySelector('span'), this.manned ? '专人服务中' : busy ? '转接中' : '转人工');
  }

  #who() {
    if (this.manned) return this.#agent ? `${this.#agent}正在为您服务` : '专人正在为您服务';
    if (this.waits) return '正在转接专人';
    return this.#mode ? '助手在线' : '正在连接';
  }

  #queue() {
    if (this.over) return '这次服务结束了。有新的问题，直接在下面写就好。';
    if (!this.waits) return '';
    const place = this.#position ? `您排在第 ${this.#position} 位` : '已在排队';
    // Nothing is said of how long it takes where nobody knows.
    const wait = this.#minutes > 1 ? `，大约还要 ${this.#minutes} 分钟` : this.#minutes ? '，很快就到' : '';
    return `${place}${wait}。`;
  }
}
