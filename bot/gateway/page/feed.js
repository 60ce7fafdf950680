// Follows the conversation by long-poll: every message once, in the order of `seq`.

import { CallError, backOff, poll } from './api.js';

const WAIT_SECONDS = 25;

export class Feed {
  #open = null;
  #nudged = false;
  #notBefore = 0;
  #rouse = () => {};

  /** `hooks`: messages(list, {catchingUp}), state(answer), link(error|null), ready(), lost(session). */
  constructor(hooks) {
    this.hooks = hooks;
    this.session = null;
    this.last = 0;
  }

  /** Start from this conversation's beginning; a loop on an earlier one ends by itself. */
  async follow(session) {
    this.session = session;
    this.last = 0;
    this.#open?.abort();
    let catchingUp = true;
    let tries = 0;
    let hasty = 0;
    while (this.session === session) {
      const asked = performance.now();
      try {
        const answer = await this.#ask(session, catchingUp ? 0 : WAIT_SECONDS);
        if (this.session !== session) return;
        tries = 0;
        this.hooks.link(null);
        const fresh = await this.#whole(session, answer.messages ?? []);
        if (this.session !== session) return;
        this.#take(fresh, catchingUp);
        this.hooks.state(answer);
        if (catchingUp && !fresh.length) {
          catchingUp = false;
          this.hooks.ready();
          continue;
        }
        // Woken for nothing now and then is well; a server that never waits must not be hammered.
        hasty = !fresh.length && performance.now() - asked < 1000 ? hasty + 1 : 0;
        if (hasty) await this.#sleep(Math.min(hasty * 100, 2000));
      } catch (error) {
        if (this.session !== session) return;
        if (error.lost) {
          this.session = null;
          this.hooks.lost(session);
          return;
        }
        if (!(error instanceof CallError)) throw error;
        if (this.#nudged) continue;
        tries += 1;
        this.#notBefore = performance.now() + error.retryAfter;
        this.hooks.link(error, tries);
        await this.#sleep(backOff(tries, error));
      }
    }
  }

  /** The network or the tab came back: an open poll may be dead unnoticed. */
  wake() {
    if (performance.now() < this.#notBefore) return;
    this.#nudged = true;
    this.#rouse();
    this.#open?.abort();
  }

  #ask(session, wait) {
    this.#nudged = false;
    this.#open = new AbortController();
    return poll(session, this.last, wait, this.#open.signal);
  }

  /** The server promises no gaps; one seen anyway is asked for once more before it is believed. */
  async #whole(session, messages) {
    const fresh = this.#fresh(messages);
    const broken = fresh.some((message, index) => message.seq !== this.last + 1 + index);
    if (!broken) return fresh;
    return this.#fresh((await this.#ask(session, 0)).messages ?? []);
  }

  #fresh(messages) {
    const bySeq = new Map(messages.filter((message) => message.seq > this.last).map((message) => [message.seq, message]));
    return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  }

  #take(messages, catchingUp) {
    if (!messages.length) return;
    this.last = messages[messages.length - 1].seq;
    this.hooks.messages(messages, catchingUp);
  }

  #sleep(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#rouse = () => { clearTimeout(timer); resolve(); };
    });
  }
}
