// What survives a reload, per shop: conversation, last line read, draft, unsent lines.

function openStorage() {
  try {
    localStorage.setItem('desk:probe', '1');
    localStorage.removeItem('desk:probe');
    return localStorage;
  } catch {
    return new MemoryStorage(); // blocked storage: the page works until it is closed
  }
}

class MemoryStorage {
  getItem(key) { return this[key] ?? null; }
  setItem(key, value) { this[key] = value; }
  removeItem(key) { delete this[key]; }
}

export class Store {
  constructor(shop) {
    this.prefix = `desk:${shop ?? ''}:`;
    this.storage = openStorage();
  }

  /** `{conversation_id, visitor_token, shop_name?}` or null. */
  get session() {
    const kept = this.#read('session');
    return kept?.conversation_id && kept?.visitor_token ? kept : null;
  }

  set session(value) {
    this.#write('session', value);
    this.#write('seen', 0);
  }

  get seen() { return Number(this.#read('seen')) || 0; }

  see(seq) { if (seq > this.seen) this.#write('seen', seq); }

  get draft() { return this.#read('draft') ?? ''; }

  set draft(text) { if (text) this.#write('draft', text); else this.#remove('draft'); }

  /** Unsent lines, oldest first; a key each, so that two tabs never overwrite one another. */
  pending() { return this.#lines('line'); }

  /** Photos on their way; the pictures themselves are in the album. */
  photos() { return this.#lines('photo'); }

  #lines(kind) {
    const keys = Object.keys(this.storage).filter((key) => key.startsWith(`${this.prefix}${kind}:`));
    const lines = keys.map((key) => this.#parse(this.storage.getItem(key)));
    return lines.filter((line) => line?.client_message_id).sort((a, b) => a.at - b.at);
  }

  keep(line) { this.#write(`line:${line.client_message_id}`, line); }

  drop(line) { this.#remove(`line:${line.client_message_id}`); }

  keepPhoto(line) { this.#write(`photo:${line.client_message_id}`, line); }

  dropPhoto(line) { this.#remove(`photo:${line.client_message_id}`); }

  /** Anything else: the shop's looks, what was rated, what was agreed to. */
  noted(name) { return this.#read(name); }

  note(name, value) { this.#write(name, value); }

  #read(key) { return this.#parse(this.storage.getItem(this.prefix + key)); }

  #parse(raw) {
    try { return JSON.parse(raw); } catch { return null; }
  }

  #write(key, value) {
    try {
      this.storage.setItem(this.prefix + key, JSON.stringify(value));
    } catch { /* full: the line is still in memory and is sent from there */ }
  }

  #remove(key) { this.storage.removeItem(this.prefix + key); }
}
