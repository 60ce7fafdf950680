// Dresses the page in the shop's name, mark and colours.

import { byId } from './dom.js';

const dark = matchMedia('(prefers-color-scheme: dark)');
let theme = null;

/** `profile` as the API gives it; a shop without one keeps the page's own look. */
export function dress(profile) {
  if (profile.mark) byId('mark').textContent = profile.mark;
  theme = profile.theme;
  paint();
}

function paint() {
  const shades = Object.entries(theme?.[dark.matches ? 'dark' : 'light'] ?? {});
  for (const [name, colour] of shades) document.documentElement.style.setProperty(`--${name.replace('_', '-')}`, colour);
}

dark.addEventListener('change', paint);
