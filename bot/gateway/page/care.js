// What was looked up: care with its symbols, a clause, or where the shops are.

import { el, icon } from './dom.js';

const SVG = 'http://www.w3.org/2000/svg';
const ROWS = 2; // as many are in the line above already; more are folded away

/** `said` is the line above the card. Null where the card would only say it again. */
export function careCard(card, said) {
  const rows = (card.rows ?? []).filter((row) => !said?.includes(row.text) || card.kind === 'care');
  const { symbols = [], places = [] } = card;
  if (!symbols.length && !places.length && rows.length <= ROWS && card.kind !== 'care') return null;
  return el('section', { class: 'card', 'aria-label': card.title },
    el('div', { class: 'card-head' }, icon('info'), el('h2', {}, card.title)),
    symbols.length > 0 && el('ul', { class: 'signs' }, ...symbols.map((symbol) => sign(symbol, said))),
    rows.length > 0 && told(rows, card.kind),
    ...places.map(place));
}

function told(rows, kind) {
  const list = el('dl', { class: 'care-rows' }, ...rows.map(({ label, text }) => el('div', {}, el('dt', {}, label), el('dd', {}, text))));
  if (kind !== 'care') return list;
  return el('details', { class: 'clauses' }, el('summary', {}, '全部打理办法', icon('fold')), list);
}

function sign(symbol, said) {
  const means = !said?.includes(symbol.means) && el('span', { class: 'card-note' }, symbol.means);
  return el('li', {}, drawing(symbol), el('span', {}, el('strong', {}, symbol.name), means));
}

/** Strokes and letters on a board of 48 by 48; the words beside it say what it is. */
function drawing({ strokes, letters }) {
  const svg = shape('svg', { viewBox: '0 0 48 50', class: 'icon sign', 'aria-hidden': 'true' });
  svg.append(...strokes.map((d) => shape('path', { d })));
  if (letters) {
    const text = shape('text', { x: 24, y: letters.length > 1 ? 34 : 31, 'text-anchor': 'middle' });
    text.textContent = letters;
    svg.append(text);
  }
  return svg;
}

function shape(name, props) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(props)) node.setAttribute(key, value);
  return node;
}

function place({ title, route, ...rows }) {
  const link = /^https:\/\//.test(route ?? '') && el('a', { class: 'route', href: route, target: '_blank', rel: 'noopener noreferrer' }, '怎么走');
  return el('div', { class: 'place' },
    el('p', { class: 'card-label' }, title),
    el('dl', { class: 'care-rows' }, ...Object.entries(rows).map(([label, text]) => el('div', {}, el('dt', {}, label), el('dd', {}, text)))),
    link);
}
