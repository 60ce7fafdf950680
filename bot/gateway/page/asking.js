// Asks for a rating below the lines, once for each episode; the card itself is fetched when needed.

import { byId } from './dom.js';
import { load } from './later.js';

export class Asking {
  #asked = '';

  constructor(store) {
    this.store = store;
    this.place = byId('rating');
  }

  /** `session` null: nothing is to be rated now. */
  rate(session, episode) {
    const key = session ? `${session.conversation_id}/${episode}` : '';
    if (key === this.#asked) return;
    this.#asked = key;
    this.place.hidden = true;
    if (!key || this.store.rated === key) return;
    load('rating').then(({ ratingCard }) => {
      if (this.#asked !== key) return;
      this.place.replaceChildren(ratingCard(session, () => { this.store.rated = key; }));
      this.place.hidden = false;
    });
  }
}
