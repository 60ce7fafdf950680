// What is asked of the shopper beside the matter: to agree, and to rate each episode once.

import { agree } from './api.js';
import { byId } from './dom.js';
import { load } from './later.js';

export class Asking {
  #rated = '';

  constructor(store) {
    this.store = store;
    this.place = byId('rating');
  }

  /** The buttons that become chips: scores, the queue and cases have places of their own. */
  sort(buttons, session, episode, status) {
    const scores = buttons.some(({ payload }) => payload.startsWith('rate:'));
    this.#rate(session && (scores || status.over) ? `${session.conversation_id}/${episode}` : '', session);
    return buttons.filter(({ payload }) => !/^(rate|case):/.test(payload) && (payload !== 'bot' || !status.waits));
  }

  /** Who goes on has read the line under the greeting. A call that fails is made again with the next line. */
  consent(session) {
    const { version } = this.store.noted('profile')?.privacy ?? {};
    const given = `${session?.conversation_id}/${version}`;
    if (!session || !version || this.store.noted('agreed') === given) return;
    agree(session, version).then(() => this.store.note('agreed', given), () => {});
  }

  #rate(key, session) {
    if (key === this.#rated) return;
    this.#rated = key;
    this.place.hidden = true;
    if (!key || this.store.noted('rated') === key) return;
    load('rating').then(({ ratingCard }) => {
      if (this.#rated !== key) return;
      this.place.replaceChildren(ratingCard(session, () => this.store.note('rated', key)));
      this.place.hidden = false;
    });
  }
}
