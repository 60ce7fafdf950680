// The page's calls of the Shopper API, and what their failures mean.

const API = '/api/chat';
const BASE = `${API}/conversations`;

/** `status` 0: nothing of ours came back (offline, dropped, timed out). */
export class CallError extends Error {
  constructor(message, { status = 0, retryAfter = 0, code = '' } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter; // milliseconds
  }

  /** The conversation is no longer ours to use. */
  get lost() { return this.status === 401 || this.status === 404; }

  /** The same call may succeed later. */
  get passing() { return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500; }
}

/** Seconds or a date, in milliseconds. */
const retryAfter = (wait) => Math.min(Math.max(wait * 1000 || Date.parse(wait) - Date.now() || 0, 0), 300000);

/** What an answer that is no success means; `wait` is its Retry-After header. */
export function failure(status, body, wait) {
  const ours = body?.error;
  // A 401 or 404 without our envelope is some proxy's: it must not cost the conversation.
  const meant = ours || status === 429 || status >= 500 ? status : 0;
  return new CallError(ours?.message ?? '', { status: meant, retryAfter: retryAfter(wait), code: ours?.code });
}

export async function call(path, { token, body, timeout, signal } = {}) {
  const headers = { Accept: 'application/json' };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers['Content-Type'] = 'application/json';
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeout);
  const give = () => limit.abort();
  signal?.addEventListener('abort', give);
  try {
    const response = await fetch(path, {
      method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body),
      cache: 'no-store', credentials: 'omit', signal: limit.signal,
    });
    if (response.ok) return response.status === 204 || await response.json();
    throw failure(response.status, await response.json().catch(() => null), response.headers.get('Retry-After'));
  } catch (error) {
    throw error instanceof CallError ? error : new CallError('');
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', give);
  }
}

export const begin = (shop) => call(BASE, { body: shop ? { shop } : {}, timeout: 20000 });

export const profile = (shop) => call(`${API}/shops/${encodeURIComponent(shop)}`, { timeout: 20000 });

export const address = (session, part) => `${BASE}/${encodeURIComponent(session.conversation_id)}/${part}`;

export function post(session, line) {
  // A button's title goes along: it is what the transcript shows.
  const body = { client_message_id: line.client_message_id, text: line.text, payload: line.payload ?? undefined };
  return call(address(session, 'messages'), { token: session.visitor_token, body, timeout: 20000 });
}

export const agree = (session, version) => call(address(session, 'consent'), { token: session.visitor_token, body: { version }, timeout: 20000 });

export function poll(session, after, wait, signal) {
  const path = address(session, `messages?after=${after}&wait=${wait}`);
  return call(path, { token: session.visitor_token, timeout: (wait + 15) * 1000, signal });
}

/** 1, 2, 4 … 30 s, up to a third longer so that no crowd returns at once; never before Retry-After. */
export function backOff(tries, error) {
  const base = Math.min(1000 * 2 ** (tries - 1), 30000);
  return Math.max(base * (1 + Math.random() / 3), error?.retryAfter ?? 0);
}

/** Not `crypto.randomUUID`: that is missing on plain http, such as a shop's own network. */
export const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
