// Sends the shopper's lines in order, each under one id for ever, until the server has it.

import { backOff, newId, post } from './api.js';

export class Outbox {
  #running = false;
  #timer = 0;
  #tries = 0;
  #notBefore = 0;

  /** `hooks`: show(line, state, note), sent(line, answer), lost(session). */
  constructor(store, hooks, send = post) {
    this.store = store;
    this.hooks = hooks;
    this.send = send;
    this.session = null;
    this.lines = store.pending();
  }

  /** A typed line, or a pressed button's title with its `payload`. */
  add({ text, payload = null }) {
    return this.push({ client_message_id: newId(), text, payload });
  }

  /** A line made elsewhere. */
  push(line) {
    const last = this.lines[this.lines.length - 1]?.at ?? 0;
    line.at = Math.max(Date.now(), last + 1);
    this.lines.push(line);
    this.store.keep(line);
    return line;
  }

  /** Use this conversation from now on and send what waits. */
  open(session) {
    this.session = session;
    this.#tries = 0;
    this.#notBefore = 0;
    this.wake();
  }

  /** Lines outlive their conversation; of an old button only its words do. */
  carryOver() {
    for (const line of this.lines) {
      if (line.payload !== 'human') line.payload = null;
      this.store.keep(line);
    }
  }

  /** Try now, unless the server asked for patience. */
  wake() {
    clearTimeout(this.#timer);
    const patience = this.#notBefore - performance.now(); // the wall clock may be set meanwhile
    if (patience > 0) this.#timer = setTimeout(() => this.wake(), patience);
    else this.#run();
  }

  retry(line) {
    delete line.refused;
    this.hooks.show(line, 'sending');
    this.wake();
  }

  discard(line) {
    this.lines = this.lines.filter((other) => other !== line);
    this.store.drop(line);
  }

  /** The list already holds this line (its answer may have been lost on the way). */
  settle(id) {
    const line = this.lines.find((other) => other.client_message_id === id);
    if (line) this.discard(line);
  }

  async #run() {
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.session && this.#next() && await this.#attempt(this.#next()));
    } finally {
      this.#running = false;
    }
  }

  #next() { return this.lines.find((line) => !line.refused); }

  async #attempt(line) {
    const session = this.session;
    this.hooks.show(line, 'sending');
    try {
      const answer = await this.send(session, line);
      this.#tries = 0;
      this.discard(line);
      this.hooks.sent(line, answer);
      return true;
    } catch (error) {
      return this.#failed(line, error, session);
    }
  }

  #failed(line, error, session) {
    if (this.session !== session || !this.lines.includes(line)) return true;
    if (error.lost) {
      this.session = null;
      this.hooks.lost(session);
      return false;
    }
    if (!error.passing) {
      line.refused = error.message || '这句话没能送达';
      this.store.keep(line);
      this.hooks.show(line, 'refused', line.refused);
      return true;
    }
    this.#later(error);
    return false;
  }

  #later(error) {
    this.#tries += 1;
    const delay = backOff(this.#tries, error);
    this.#notBefore = performance.now() + error.retryAfter;
    this.#timer = setTimeout(() => this.wake(), delay);
    const note = error.retryAfter ? `${error.message || '发送得有点快'}，稍后自动重试` : '';
    for (const line of this.lines) if (!line.refused) this.hooks.show(line, 'unsent', note);
  }
}
