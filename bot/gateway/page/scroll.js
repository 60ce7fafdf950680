// Keeps the newest line in view, and leaves a reader further up alone.

import { setText } from './dom.js';

const NEAR = 96; // px from the end that still count as reading the newest line

export class Scroll {
  #stuck = true;
  #unread = 0;
  #top = 0;

  constructor(box, content, pill, pillText) {
    Object.assign(this, { box, pill, pillText });
    box.addEventListener('scroll', () => this.#moved(), { passive: true });
    pill.addEventListener('click', () => { this.toEnd(true); box.focus({ preventScroll: true }); });
    const keep = new ResizeObserver(() => { if (this.#stuck) this.toEnd(); });
    keep.observe(box);
    keep.observe(content);
  }

  get atEnd() { return this.#stuck; }

  toEnd(smooth = false) {
    this.#stuck = true;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.box.scrollTo({ top: this.box.scrollHeight, behavior: smooth && !calm ? 'smooth' : 'instant' });
    this.#read();
  }

  /** A line from the other side arrived. */
  arrived() {
    if (this.#stuck) return;
    this.#unread += 1;
    setText(this.pillText, this.#unread > 1 ? `${this.#unread} 条新消息` : '新消息');
    this.pill.hidden = false;
  }

  #moved() {
    const left = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight;
    // Only who moves up leaves the end: a card may have grown below between a scroll and its event.
    const up = this.box.scrollTop < this.#top;
    this.#top = this.box.scrollTop;
    this.#stuck = left < NEAR || (this.#stuck && !up);
    if (this.#stuck) this.#read();
  }

  #read() {
    this.#unread = 0;
    this.pill.hidden = true;
  }
}
