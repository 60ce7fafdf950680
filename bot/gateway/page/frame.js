// The page inside a shop's own site: talks with the launcher that opened it, and with nobody else.

import { byId } from './dom.js';

export class Frame {
  #shown = false;

  /** `host`: the origin of the site around; `hooks`: opened(), focus(). */
  constructor(host, hooks) {
    this.host = host;
    this.hooks = hooks;
    document.documentElement.classList.add('framed');
    byId('close').hidden = false;
    byId('close').addEventListener('click', () => this.#tell({ desk: 'close' }));
    addEventListener('keydown', (event) => { if (event.key === 'Escape' && !event.isComposing && event.keyCode !== 229) this.#tell({ desk: 'close' }); });
    addEventListener('message', (event) => this.#hear(event));
    this.#tell({ desk: 'ready' });
  }

  /** Whether the shopper sees the page. */
  get shown() { return this.#shown; }

  unread(count) { this.#tell({ desk: 'unread', count }); }

  #hear({ source, origin, data }) {
    if (source !== parent || origin !== this.host || !data) return;
    if (data.desk === 'shown') this.#shown = true;
    else if (data.desk === 'hidden') this.#shown = false;
    else return;
    if (this.#shown) this.hooks.opened();
  }

  #tell(message) {
    try { parent.postMessage(message, this.host); } catch { /* not an origin: nobody to tell */ }
  }
}
