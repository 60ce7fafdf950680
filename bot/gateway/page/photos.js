// Photos from being chosen to being sent: shown before they go, then a line each.

import { Album } from './album.js';
import { newId } from './api.js';
import { byId, el, icon, setText } from './dom.js';
import { Outbox } from './outbox.js';
import { preview, progress } from './pictures.js';
import { ready } from './shrink.js';
import { upload } from './upload.js';

const MOST = 9; // photos chosen at once

export class Photos {
  #tray = [];
  #album = new Album();

  /** `hooks`: show(line, state, note), sent(line, answer), lost(session), add(line), changed(count). */
  constructor(store, hooks) {
    this.hooks = hooks;
    this.store = store;
    this.box = byId('tray');
    const kept = { pending: () => [], keep: (line) => this.#keep(line), drop: (line) => this.#drop(line) };
    const told = { ...hooks, show: (line, state, note) => this.#show(line, state, note) };
    this.outbox = new Outbox(kept, told, upload);
  }

  /** Lines that a reload interrupted. */
  async resume() {
    for (const line of this.store.photos()) {
      const blob = await this.#album.get(line.client_message_id);
      if (!this.outbox.lines.some((other) => other.client_message_id === line.client_message_id)) this.#line(line, blob);
    }
    this.outbox.wake();
  }

  /** Chosen files, to be looked at before they are sent. */
  offer(files) {
    const room = MOST - this.#tray.length;
    for (const file of files.slice(0, room)) this.#add(file);
    this.#draw(files.length > room ? `一次最多发 ${MOST} 张` : '');
  }

  send() {
    for (const item of this.#tray.splice(0).filter((each) => !each.bad)) {
      this.#line({ client_message_id: newId(), photo: true, ...item.size }, item.file, item.ready);
    }
    this.#draw();
    this.outbox.wake();
  }

  cancel(line) {
    this.outbox.discard(line);
    line.stop?.();
  }

  #line(line, blob, made) {
    const url = blob ? URL.createObjectURL(blob) : '';
    line.figure = preview(url, line.width ? line : { width: 120, height: 120 });
    line.moved = (share) => progress(line.figure, share);
    line.blob = async () => (made ? (await made).blob : blob);
    this.outbox.push(line);
    this.hooks.add(line);
    made?.then(({ blob: small }) => this.outbox.lines.includes(line) && this.#album.put(line.client_message_id, small));
  }

  #keep({ client_message_id, at, width, height, refused }) {
    this.store.keepPhoto({ client_message_id, photo: true, at, width, height, refused });
  }

  #drop(line) {
    progress(line.figure, null);
    this.store.dropPhoto(line);
    this.#album.remove(line.client_message_id);
  }

  #show(line, state, note) {
    if (state !== 'sending') progress(line.figure, null);
    this.hooks.show(line, state, note);
  }

  #add(file) {
    const item = { file, url: URL.createObjectURL(file), ready: ready(file) };
    this.#tray.push(item);
    item.ready.then(
      ({ width, height }) => { item.size = { width, height }; this.#draw(); },
      (error) => { item.bad = error.message; this.#draw(); },
    );
  }

  #remove(item) {
    const at = this.#tray.indexOf(item);
    this.#tray.splice(at, 1);
    this.#draw();
    (this.box.querySelectorAll('button')[Math.min(at, this.#tray.length - 1)] ?? byId('photo')).focus();
  }

  #draw(note = '') {
    const usable = this.#tray.filter((item) => !item.bad).length;
    const busy = this.#tray.some((item) => !item.bad && !item.size);
    const list = this.#tray.map((item, index) => {
      item.card ??= this.#card(item);
      item.card.classList.toggle('bad', Boolean(item.bad));
      item.card.querySelector('button').setAttribute('aria-label', `去掉第 ${index + 1} 张照片`);
      if (item.bad && item.card.firstChild.alt !== undefined) item.card.firstChild.replaceWith(el('span', {}, item.bad));
      return item.card;
    });
    const told = el('p', { class: 'tray-note', role: 'status' });
    this.box.hidden = !list.length;
    this.box.replaceChildren(...list, told);
    setText(told, note || (busy ? '正在准备照片' : usable ? `${usable} 张照片，还没有发出` : ''));
    this.hooks.changed(usable, busy);
  }

  #card(item) {
    return el('div', { class: 'tray-item' }, el('img', { src: item.url, alt: '准备发送的照片' }),
      el('button', { type: 'button', onclick: () => this.#remove(item) }, icon('close')));
  }
}
