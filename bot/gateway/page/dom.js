// Builds elements; every string becomes a text node and is never parsed as markup.

const SVG = 'http://www.w3.org/2000/svg';

/** Attributes, `onclick`-style listeners and children; null and false are left out. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value == null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child != null && child !== false));
  return node;
}

/** A decorative icon: from the sprite in index.html, or from the file of those that are rarer. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `${byId(`i-${name}`) ? '' : '/page/icons.svg'}#i-${name}`);
  svg.append(use);
  return svg;
}

export const byId = (id) => document.getElementById(id);

/** Only on change: a live region reads the same words aloud again. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** On a phone, focus in the text box raises the keyboard over the answer. */
export const isTouch = () => matchMedia('(pointer: coarse)').matches;
