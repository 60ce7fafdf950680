// Keeps photos that are still on their way, so that a reload does not lose them.

const NAME = 'desk-photos';

/** Where there is no IndexedDB (private windows), photos live until the page is closed. */
export class Album {
  #memory = new Map();

  async put(id, blob) {
    this.#memory.set(id, blob);
    await this.#run('readwrite', (photos) => photos.put(blob, id));
  }

  async get(id) {
    return this.#memory.get(id) ?? this.#run('readonly', (photos) => photos.get(id));
  }

  async remove(id) {
    this.#memory.delete(id);
    await this.#run('readwrite', (photos) => photos.delete(id));
  }

  async #run(mode, work) {
    try {
      const base = await asked(this.#base());
      const result = await asked(work(base.transaction(NAME, mode).objectStore(NAME)));
      base.close();
      return result;
    } catch {
      return undefined;
    }
  }

  #base() {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(NAME);
    return request;
  }
}

const asked = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
