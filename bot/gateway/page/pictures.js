// Photos in the list, and one of them large over the page.

import { byId, el, icon } from './dom.js';
import { when } from './time.js';

const WIDE = 240;
const HIGH = 300;
const LEAST = 88;

/** A photo of a line; `key` gives the conversation's token, without which none is shown. */
export function picture(photo, { created_at: at, author }, key) {
  const whose = author === 'shopper' ? '我发的照片' : '收到的照片';
  const shot = frame(photo, at ? `${whose}，${when(at)}` : whose, () => fetched(photo.url, key()));
  whenNear(shot, () => show(shot, photo.thumb_url, key));
  return shot;
}

/** A photo that is still on its way, shown from the phone's own memory. */
export function preview(url, size) {
  const shot = frame(size, '我发的照片', async () => url);
  shot.append(el('span', { class: 'progress', role: 'progressbar', 'aria-label': '上传进度', 'aria-valuemin': 0, 'aria-valuemax': 100, hidden: true }, el('i')));
  shot.firstChild.src = url;
  return shot;
}

/** `share` from 0 to 1; null while nothing moves. */
export function progress(shot, share) {
  const bar = shot.querySelector('.progress');
  bar.hidden = share === null;
  bar.setAttribute('aria-valuenow', Math.round((share ?? 0) * 100));
  bar.firstChild.style.width = `${(share ?? 0) * 100}%`;
}

function frame({ width, height }, alt, large) {
  const shot = el('button', { type: 'button', class: 'shot', title: '看大图' }, el('img', { alt }));
  const scale = Math.min(1, WIDE / width, HIGH / height);
  shot.style.width = `${Math.max(LEAST, width * scale) / 16}rem`;
  shot.style.height = `${Math.max(LEAST, height * scale) / 16}rem`;
  shot.addEventListener('click', () => view(large, alt, shot));
  return shot;
}

function whenNear(node, work) {
  const watch = new IntersectionObserver((seen) => {
    if (!seen.some((each) => each.isIntersecting)) return;
    watch.disconnect();
    work();
  }, { root: byId('scroller'), rootMargin: '600px' });
  watch.observe(node);
}

async function show(shot, url, key) {
  for (let tries = 0; tries < 4; tries += 1) {
    try {
      shot.firstChild.src = await fetched(url, key());
      return;
    } catch { await new Promise((resolve) => setTimeout(resolve, 1500 * 2 ** tries)); }
  }
  shot.classList.add('missing');
}

async function fetched(url, token) {
  const response = await fetch(url, { headers: { Authorization: `Bearer ${token}` }, credentials: 'omit' });
  if (!response.ok) throw new Error(`photo: ${response.status}`);
  return URL.createObjectURL(await response.blob());
}

/** Large, over everything; Escape, the button or a tap beside the photo closes it. */
function view(large, alt, from) {
  const image = el('img', { alt });
  const note = el('p', { role: 'status' }, '正在打开');
  const close = el('button', { type: 'button', class: 'tool', 'aria-label': '关闭大图' }, icon('close'));
  const box = el('div', { class: 'viewer', role: 'dialog', 'aria-modal': 'true', 'aria-label': alt }, note, image, close);
  const over = () => { box.remove(); byId('app').removeAttribute('aria-hidden'); from.focus({ preventScroll: true }); };
  box.addEventListener('click', (event) => { if (event.target !== image) over(); });
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Tab') event.preventDefault(); // the button is all there is to reach
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    over();
  });
  byId('app').setAttribute('aria-hidden', 'true');
  document.body.append(box);
  close.focus();
  large().then((url) => { image.src = url; note.remove(); }, () => { note.textContent = '照片没能打开，请稍后再试'; });
}
