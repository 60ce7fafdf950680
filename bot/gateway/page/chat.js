// The shopper page: makes or resumes the conversation and joins its parts.

import { backOff, begin, profile } from './api.js';
import { Asking } from './asking.js';
import { Composer } from './composer.js';
import { byId, isTouch } from './dom.js';
import { Feed } from './feed.js';
import { load } from './later.js';
import { Outbox } from './outbox.js';
import { watchForPhotos } from './picking.js';
import { Scroll } from './scroll.js';
import { Status } from './status.js';
import { Store } from './store.js';
import { dress } from './theme.js';
import { Thread } from './thread.js';

const PATIENCE = 60000; // after this an answer announces itself
const TYPES = 6000;

class Chat {
  #session = null;
  #last = null; // the newest message of the server
  #asked = 0; // when the line now waiting for an answer was accepted
  #typed = 0; // when a person last typed
  #buttons = [];
  #born = 0;
  #photos = null;
  #framed = false;
  #frame = null;
  #unread = 0;
  #looked = false;
  #episode = 0;

  constructor(shop) {
    this.shop = shop;
    this.store = new Store(shop);
    this.seenBefore = this.store.seen;
    this.asking = new Asking(this.store);
    this.status = new Status((text, payload) => this.#press({ title: text, payload }));
    this.thread = new Thread({
      retry: (line) => (line.photo ? this.#photos.outbox : this.outbox).retry(line),
      discard: (line) => (line.photo ? this.#photos.cancel(line) : this.outbox.discard(line)),
      press: (button) => this.#press(button),
      key: () => this.#session?.visitor_token,
    });
    this.scroll = new Scroll(byId('scroller'), byId('scroller').firstElementChild, byId('pill'), byId('pill-text'));
    this.outbox = new Outbox(this.store, {
      show: (...told) => this.thread.show(...told),
      sent: (...told) => this.#sent(...told),
      lost: (session) => this.#lost(session),
    });
    this.feed = new Feed({
      messages: (...came) => this.#arrive(...came),
      state: (answer) => { this.#episode = answer.episode; this.status.state(answer); this.#types(answer); this.#draw(); },
      link: (...how) => this.#link(...how),
      ready: () => this.#ready(),
      lost: (session) => this.#lost(session),
    });
    this.composer = new Composer(this.store.draft, {
      send: (text) => { if (text) this.#say({ text }); this.#photos?.send(); },
      draft: (text) => { this.store.draft = text; },
    });
  }

  start() {
    byId('old').remove();
    for (const line of this.outbox.lines) this.thread.addPending(line);
    if (this.store.photos().length) this.#withPhotos((photos) => photos.resume());
    watchForPhotos((files) => files.length && this.#withPhotos((photos) => photos.offer(files)));
    this.#look();
    addEventListener('online', () => this.#wake());
    addEventListener('offline', () => this.#link(null, 1));
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.#returned(); });
    if (isTouch()) byId('text').addEventListener('focus', () => load('keyboard'), { once: true });
    if (this.store.session) this.#open(this.store.session);
    else this.#renew(null);
  }

  /** Inside a shop's site the launcher around the page is told what happens in it. */
  async within(host) {
    this.#framed = true;
    const { Frame } = await load('frame');
    this.#frame = new Frame(host, { opened: () => { this.#see(); this.scroll.toEnd(); if (!isTouch()) this.composer.focus(); } });
    this.#see();
  }

  async #look() {
    const kept = this.store.noted('profile');
    if (kept) this.#dress(kept);
    const shop = this.shop ?? this.store.session?.shop;
    if (!shop || this.#looked) return;
    this.#looked = true;
    const fresh = await profile(shop).catch(() => null); // its looks are not worth an alarm
    if (!fresh) return;
    this.store.note('profile', fresh);
    this.#dress(fresh);
  }

  #dress(looks) {
    this.status.shop(looks.name);
    dress(looks);
  }

  async #withPhotos(work) {
    const { Photos } = await load('photos');
    if (!this.#photos) {
      this.#photos = new Photos(this.store, {
        show: (...told) => this.thread.show(...told),
        sent: (...told) => this.#sent(...told),
        lost: (session) => this.#lost(session),
        add: (line) => { this.thread.addPending(line); this.scroll.toEnd(); },
        changed: (...count) => { this.composer.photos(...count); if (!isTouch()) this.composer.focus(); },
      });
      if (this.#session) this.#photos.outbox.open(this.#session);
    }
    work(this.#photos);
  }

  #open(session) {
    this.#session = session;
    this.status.shop(session.shop_name);
    this.#look();
    this.#photos?.outbox.open(session);
    this.outbox.open(session);
    this.feed.follow(session);
  }

  /** Make a conversation, unless another tab just did. */
  async #renew(lost) {
    for (let tries = 1; ; tries += 1) {
      try {
        const session = await this.#make(lost);
        this.#born = Date.now();
        return this.#open(session);
      } catch (error) {
        if (error.code === 'unknown_shop') return this.#nobody(error);
        this.#link(error, tries + 1);
        await this.#pause(error.passing ? backOff(tries, error) : 60000);
      }
    }
  }

  /** The address leads to no shop: trying again would not help. */
  #nobody(error) {
    this.status.close('没有这家店');
    this.thread.note(error.message);
    this.composer.close();
  }

  /** Two tabs that both lost their conversation make one new one. */
  async #make(lost) {
    // Locks are missing on plain http and before Safari 15.4.
    const release = await new Promise((taken) => {
      const held = navigator.locks?.request(this.store.prefix, () => new Promise((over) => taken(over)));
      if (held) held.catch(() => taken(null)); else taken(null);
    });
    try { return await this.#made(lost); } finally { release?.(); }
  }

  async #made(lost) {
    if (lost) await this.#pause(300); // another window's store comes late
    const kept = this.store.session;
    if (kept && kept.conversation_id !== lost?.conversation_id) return kept;
    const { conversation_id, visitor_token, shop_name, shop } = await begin(this.shop);
    const session = { conversation_id, visitor_token, shop_name, shop };
    this.store.session = session;
    return session;
  }

  async #lost(session) {
    if (this.#session !== session) return;
    this.#session = null;
    this.feed.session = null;
    for (const outbox of [this.outbox, this.#photos?.outbox]) {
      if (!outbox) continue;
      outbox.session = null;
      outbox.carryOver();
    }
    this.thread.begin('之前的对话已经失效，为您开了新的对话。没发出去的话会接着发送。');
    this.status.humanAsked(false);
    this.seenBefore = 0;
    this.#last = null;
    this.#asked = 0;
    this.#buttons = [];
    this.#draw();
    // A server that disowns even newborn conversations is left in peace.
    if (Date.now() - this.#born < 10000) await this.#pause(15000);
    this.#renew(session);
  }

  #pause(milliseconds) {
    return new Promise((resolve) => { this.resume = resolve; setTimeout(resolve, milliseconds); });
  }

  #say(said) {
    const line = this.outbox.add(said);
    this.#buttons = [];
    if (said.payload === 'human') this.status.humanAsked(true);
    this.thread.addPending(line);
    this.#draw();
    this.scroll.toEnd();
    this.outbox.wake();
  }

  #press({ title, payload }) {
    this.#say({ text: title, payload });
    if (isTouch()) byId('scroller').focus({ preventScroll: true });
    else this.composer.focus();
  }

  #sent(line, { seq }) {
    this.thread.show(line, 'sent');
    this.asking.consent(this.#session);
    if (seq > this.feed.last) this.#waitForAnswer(Date.now()); // else the poll was faster
  }

  #arrive(messages, catchingUp) {
    for (const message of messages) {
      if (message.author === 'shopper') this.#heard(message, catchingUp);
      else this.#answered(message, catchingUp);
      this.thread.add(message);
      this.#last = message;
    }
    this.#draw();
    if (catchingUp) this.scroll.toEnd();
    this.#see();
  }

  #heard(message, catchingUp) {
    this.outbox.settle(message.client_message_id);
    this.#photos?.outbox.settle(message.client_message_id);
    this.#buttons = [];
    this.#waitForAnswer(catchingUp ? Math.min(Date.parse(message.created_at) || 0, Date.now()) : this.#asked || Date.now());
  }

  #answered(message, catchingUp) {
    this.#asked = this.#typed = 0;
    if (message.seq > this.store.seen) this.#unread += 1;
    if (message.buttons?.length) this.#buttons = message.buttons;
    else if (message.author !== 'bot') this.#buttons = [];
    this.status.humanAsked(false);
    if (!catchingUp) this.scroll.arrived();
  }

  #ready() {
    if (this.seenBefore && this.#last && this.#last.seq > this.seenBefore) this.thread.note('以下是新消息', this.seenBefore + 1);
    this.thread.live();
    this.scroll.toEnd();
  }

  /** Each side sees that the other one types. */
  #types({ typing }) {
    if (typing) {
      this.#typed = Date.now();
      setTimeout(() => this.#draw(), TYPES);
    }
    if (this.status.manned) this.telling ??= load('typing').then((both) => both.tell(byId('text'), () => this.status.manned && this.#session));
  }

  #waitForAnswer(since) {
    this.#asked = since;
    setTimeout(() => this.#draw(), PATIENCE);
  }

  #draw() {
    const speaking = this.outbox.lines.some((line) => !line.refused);
    const chips = this.asking.sort(this.#buttons, this.#session, this.#episode, this.status);
    this.thread.offer(speaking ? [] : chips);
    const typing = this.#asked && this.status.botAnswers && Date.now() - this.#asked < PATIENCE;
    const person = this.status.manned && Date.now() - this.#typed < TYPES;
    this.thread.typing(typing ? '正在回复' : person ? '客服正在输入' : '');
  }

  #see() {
    const seen = !document.hidden && (!this.#framed || this.#frame?.shown);
    if (seen) this.#unread = 0;
    if (seen && this.#last) this.store.see(this.#last.seq);
    this.#frame?.unread(this.#unread);
  }

  #link(error, tries = 0) {
    if (navigator.onLine === false) this.status.trouble('网络断开了。恢复后会自动发送。');
    else if (error && tries > 1) this.status.trouble(error.message || '暂时连不上服务，正在重试。您写的话不会丢。');
    else if (!error) this.status.trouble('');
  }

  #wake() {
    this.#link(null);
    this.resume?.();
    this.outbox.wake();
    this.#photos?.outbox.wake();
    this.feed.wake();
  }

  #returned() {
    this.#see();
    this.#draw();
    this.#wake();
  }
}

const asked = new URLSearchParams(location.search);
const chat = new Chat(asked.get('shop'));
if (asked.get('host') && parent !== window) chat.within(asked.get('host'));
chat.start();
