// Fetched when a person answers: while the shopper types, that person is told, and no letter of it.

import { address, call } from './api.js';

const GAP = 3000;

/** `answered()` is the session while a person answers, and nothing otherwise. */
export function tell(box, answered) {
  let told = 0;
  box.addEventListener('input', () => {
    const session = answered();
    if (!session || !box.value.trim() || Date.now() - told < GAP) return;
    told = Date.now();
    call(address(session, 'typing'), { token: session.visitor_token, body: {}, timeout: 5000 }).catch(() => {});
  });
}
