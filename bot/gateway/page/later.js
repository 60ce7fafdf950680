// Code and styles that most shoppers never need are fetched when they are first called for.

import { el } from './dom.js';

const SHEETS = { cards: 'cards', care: 'cards', cases: 'cards', facts: 'cards', rating: 'cards', photos: 'photos', pictures: 'photos' };
const loaded = new Map();

/** The module of that name with its style sheet, as soon as they can be had. */
export function load(name) {
  const sheet = SHEETS[name];
  const styled = sheet && once(`${sheet}.css`, () => linked(sheet));
  // Browsers remember a failed import by its address: another try needs another one.
  const ready = once(name, (tries) => import(`./${name}.js${tries ? `?${tries}` : ''}`));
  return Promise.all([ready, styled]).then(([module]) => module);
}

function once(key, fetched) {
  if (!loaded.has(key)) loaded.set(key, insist(fetched));
  return loaded.get(key);
}

async function insist(fetched) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await fetched(tries);
    } catch (error) {
      if (tries > 4) console.error(error);
      await new Promise((resolve) => setTimeout(resolve, Math.min(1000 * 2 ** tries, 30000)));
    }
  }
}

function linked(sheet) {
  return new Promise((resolve, reject) => {
    const link = el('link', { rel: 'stylesheet', href: `/page/${sheet}.css`, onload: resolve, onerror: () => { link.remove(); reject(new Error(sheet)); } });
    document.head.append(link);
  });
}

/** A place that `build(module)` fills later; what cannot be built must not cost the line around it. */
export function part(name, build) {
  const place = el('div', { class: 'part' });
  load(name).then((module) => place.replaceWith(build(module) ?? '')).catch((error) => { console.error(error); place.remove(); });
  return place;
}
