// Sends one photo and tells how far it has come; fetch cannot tell that.

import { CallError, address, failure } from './api.js';

const SILENCE = 60000; // ms without a byte after which the line is taken for dead

/** `line.blob` is a promise of the photo; `line.moved(share)` hears of progress, `line.stop()` ends it. */
export async function upload(session, line) {
  const blob = await line.blob();
  if (!blob) throw new CallError('照片没有保存下来，请删除后重新选择', { status: 422 });
  const form = new FormData();
  form.append('client_message_id', line.client_message_id);
  form.append('file', blob, 'photo');
  return new Promise((resolve, reject) => send(session, form, line, resolve, reject));
}

function send(session, form, line, resolve, reject) {
  const request = new XMLHttpRequest();
  let timer = 0;
  const alive = () => { clearTimeout(timer); timer = setTimeout(() => request.abort(), SILENCE); };
  const over = (settle) => { clearTimeout(timer); line.stop = null; settle(); };
  request.open('POST', address(session, 'attachments'));
  request.setRequestHeader('Authorization', `Bearer ${session.visitor_token}`);
  request.upload.onprogress = (event) => { alive(); line.moved(event.loaded / event.total); };
  request.onerror = request.onabort = () => over(() => reject(new CallError('')));
  request.onload = () => over(() => {
    const body = parsed(request.responseText);
    if (request.status < 300 && body) resolve(body);
    else reject(failure(request.status, body, request.getResponseHeader('Retry-After')));
  });
  line.stop = () => request.abort();
  alive();
  request.send(form);
}

function parsed(text) {
  try { return JSON.parse(text); } catch { return null; }
}
