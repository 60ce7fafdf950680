// The text box: grows with its text, sends on Enter but never while an input method is composing.

import { byId, isTouch, setText } from './dom.js';

const LIMIT = 2000;
const COUNT_FROM = 1800;

export class Composer {
  #composing = false;
  #photos = 0;
  #busy = false;

  /** `hooks`: send(text), draft(text); an empty text is sent where there are photos. */
  constructor(draft, hooks) {
    this.hooks = hooks;
    this.box = byId('text');
    this.button = byId('send');
    this.counter = byId('counter');
    this.box.value = draft;
    this.#listen();
    this.#changed();
    if (!isTouch()) this.focus();
  }

  focus() { this.box.focus({ preventScroll: true }); }

  /** Photos that go with the next line; `busy` while they are being made ready. */
  photos(count, busy) {
    this.#photos = count;
    this.#busy = busy;
    this.box.placeholder = count ? '可以再写一句说明' : '说说您遇到的问题';
    this.#changed();
  }

  /** Nothing can be said here. */
  close() { byId('composer').parentNode.hidden = true; }

  #listen() {
    this.box.addEventListener('compositionstart', () => { this.#composing = true; });
    this.box.addEventListener('compositionend', () => { this.#composing = false; });
    this.box.addEventListener('input', () => this.#changed());
    this.box.addEventListener('keydown', (event) => this.#key(event));
    addEventListener('resize', () => this.#grow());
    // The focus stays: a phone's keyboard would fold away under the thumb.
    this.button.addEventListener('pointerdown', (event) => event.preventDefault());
    byId('composer').addEventListener('submit', (event) => { event.preventDefault(); this.#send(); });
  }

  #key(event) {
    // 229: Safari ends the composition before the Enter that chose the word arrives.
    const choosing = this.#composing || event.isComposing || event.keyCode === 229;
    if (event.key !== 'Enter' || event.shiftKey || choosing) return;
    event.preventDefault();
    this.#send();
  }

  #send() {
    const text = this.box.value.trim();
    if (this.button.disabled || (!text && !this.#photos) || length(text) > LIMIT) return;
    this.box.value = '';
    this.#changed();
    this.focus();
    this.hooks.send(text);
  }

  #changed() {
    this.hooks.draft(this.box.value);
    const used = length(this.box.value.trim());
    this.button.disabled = this.#busy || used > LIMIT || !(used || this.#photos);
    this.counter.classList.toggle('over', used > LIMIT);
    setText(this.counter, used > LIMIT ? `超出 ${used - LIMIT} 字` : used >= COUNT_FROM ? `还可写 ${LIMIT - used} 字` : '');
    this.#grow();
  }

  #grow() {
    this.box.style.height = 'auto';
    this.box.style.height = `${this.box.scrollHeight}px`; // its max-height in the style sheet ends the growth
  }
}

/** Characters as a person counts them, not UTF-16 halves. */
const length = (text) => [...text].length;
