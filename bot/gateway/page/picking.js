// Ways to give the page a photo: the button, the clipboard, dropping a file.

import { byId } from './dom.js';
import { load } from './later.js';

export function watchForPhotos(chosen) {
  const input = byId('file');
  const app = byId('app');
  byId('photo').addEventListener('click', () => input.click());
  input.addEventListener('change', () => { chosen([...input.files]); input.value = ''; });
  byId('text').addEventListener('paste', (event) => {
    const files = pictures(event.clipboardData);
    if (!files.length) return; // words, or words with a picture of themselves, are pasted as words
    event.preventDefault();
    chosen(files);
  });
  addEventListener('dragover', (event) => { if (carriesFiles(event)) { event.preventDefault(); app.classList.add('dropping'); load('photos'); } });
  addEventListener('dragleave', (event) => { if (!event.relatedTarget) app.classList.remove('dropping'); });
  addEventListener('drop', (event) => {
    app.classList.remove('dropping');
    if (!carriesFiles(event)) return;
    event.preventDefault();
    chosen([...event.dataTransfer.files]);
  });
}

const carriesFiles = (event) => [...event.dataTransfer?.types ?? []].includes('Files');

function pictures(data) {
  if (!data || data.types.includes('text/plain')) return [];
  return [...data.files].filter((file) => file.type.startsWith('image/'));
}
