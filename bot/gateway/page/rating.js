// What the shopper thinks of the service: one to five stars, and words if there are any.

import { address, call } from './api.js';
import { el, icon, setText } from './dom.js';

const WORDS = ['不满意', '不太满意', '一般', '满意', '很满意'];
const POOR = 2;
const LONGEST = 500;

/** Once for each episode: a second one is refused with a CallError of status 409. */
const rate = (session, score, comment) => call(address(session, 'rating'), {
  token: session.visitor_token, body: { score, comment }, timeout: 20000,
});

/** `rated()` is told once the server has it. */
export function ratingCard(session, rated) {
  const card = new Card(session, rated);
  return card.form;
}

class Card {
  #score = 0;

  constructor(session, rated) {
    Object.assign(this, { session, rated });
    this.word = el('span', { class: 'stars-word' });
    this.stars = WORDS.map((word, index) => this.#star(word, index + 1));
    this.words = el('textarea', { rows: 2, maxlength: LONGEST, 'aria-label': '想说的话', placeholder: '想说点什么？可以不写' });
    this.button = el('button', { type: 'submit', class: 'chip' }, '提交评价');
    this.told = el('p', { class: 'card-note', role: 'status' });
    this.more = el('div', { class: 'rating-more', hidden: true }, this.words, this.button);
    this.form = el('form', { class: 'card rating', 'aria-label': '评价这次服务', onsubmit: (event) => { event.preventDefault(); this.#send(); } },
      el('fieldset', {}, el('legend', {}, '这次服务您觉得怎么样？'), el('div', { class: 'stars' }, ...this.stars, this.word)),
      this.more, this.told);
  }

  #star(word, score) {
    const box = el('input', { type: 'radio', name: 'score', value: score, class: 'sr', 'aria-label': `${score} 星，${word}`, onchange: () => this.#choose(score) });
    return el('label', {}, box, icon('star'));
  }

  #choose(score) {
    this.#score = score;
    this.stars.forEach((star, index) => star.classList.toggle('lit', index < score));
    setText(this.word, WORDS[score - 1]);
    this.more.hidden = false;
  }

  async #send() {
    this.button.disabled = true;
    setText(this.told, '');
    try {
      await rate(this.session, this.#score, this.words.value.trim());
      this.#done(this.#score > POOR ? '谢谢您的评价，记下了。' : '谢谢您直说，没做好的地方我们会改。');
    } catch (error) {
      if (error.status === 409) this.#done('这次您已经评过了，谢谢。');
      else this.#failed(error);
    }
  }

  #done(words) {
    this.rated();
    this.form.setAttribute('tabindex', '-1'); // where the focus was is gone
    this.form.focus({ preventScroll: true });
    this.more.remove();
    for (const star of this.stars) star.firstChild.disabled = true;
    setText(this.told, words);
  }

  #failed(error) {
    this.button.disabled = false;
    setText(this.told, error.message || '没有送出去，请再试一次。');
  }
}
