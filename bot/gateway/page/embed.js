// Puts the service desk on a shop's own site:
// <script src="https://desk.example/page/embed.js" data-shop="slug" async></script>
(() => {
  const script = document.currentScript;
  if (!script || window.deskLauncher) return;
  window.deskLauncher = true;

  const desk = new URL(script.src).origin;
  const shop = script.dataset.shop;
  const [narrow, dark, calm] = ['(max-width: 560px)', '(prefers-color-scheme: dark)', '(prefers-reduced-motion: reduce)'].map((query) => matchMedia(query));
  const view = window.visualViewport;
  let name = '售后服务';
  let theme = null;
  let open = false;
  let frame = null;
  let unread = 0;
  let ready = false;

  // Set property by property: a strict policy of the site forbids written styles.
  const style = (node, styles) => Object.entries(styles).forEach(([key, value]) => node.style.setProperty(key, value));

  function make(kind, styles, attributes = {}) {
    const node = typeof kind === 'string' ? document.createElement(kind) : kind;
    style(node, styles);
    Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
    return node;
  }

  function drawing(d) {
    const drawn = (tag) => document.createElementNS('http://www.w3.org/2000/svg', tag);
    const svg = make(drawn('svg'), { width: '26px', fill: 'none', stroke: 'currentColor', 'stroke-width': '1.7', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' }, { viewBox: '0 0 24 24', 'aria-hidden': 'true' });
    svg.append(make(drawn('path'), {}, { d }));
    return svg;
  }

  const host = make('div', { all: 'initial' });
  const button = make('button', {
    position: 'fixed', 'z-index': '2147483000', right: 'calc(20px + env(safe-area-inset-right))', bottom: 'calc(20px + env(safe-area-inset-bottom))',
    display: 'grid', 'place-items': 'center', width: '58px', height: '58px', padding: '0', border: '1px solid transparent', 'border-radius': '20px',
    cursor: 'pointer', 'box-shadow': '0 6px 22px rgb(0 0 0 / .22)',
  }, { type: 'button', 'aria-haspopup': 'dialog' });
  const badge = make('span', {
    position: 'absolute', top: '-6px', right: '-6px', 'min-width': '22px', 'box-sizing': 'border-box', padding: '0 6px', 'border-radius': '11px',
    background: '#b3261e', color: '#fff', font: '600 12px/22px system-ui, sans-serif',
  });
  const panel = make('div', { position: 'fixed', 'z-index': '2147483001', overflow: 'hidden', 'box-sizing': 'border-box' }, { role: 'dialog' });
  button.append(drawing('M6 4.5h12A2.5 2.5 0 0 1 20.5 7v7a2.5 2.5 0 0 1-2.5 2.5h-5.2L8.5 20v-3.5H6A2.5 2.5 0 0 1 3.5 14V7A2.5 2.5 0 0 1 6 4.5zM8.5 10.5l2.5 2.3 4.5-4.3'), badge);
  host.attachShadow({ mode: 'open' }).append(button, panel);

  function draw() {
    const { accent, on_accent: color } = theme?.[dark.matches ? 'dark' : 'light'] ?? { accent: '#1c6b5a', on_accent: '#fff' };
    style(button, { background: accent, color, visibility: open && narrow.matches ? 'hidden' : 'visible' });
    button.setAttribute('aria-label', `联系${name}${unread ? `，${unread} 条新消息` : ''}`);
    button.setAttribute('aria-expanded', open);
    badge.textContent = unread > 99 ? '99+' : unread;
    badge.hidden = !unread;
    panel.hidden = !open;
    panel.setAttribute('aria-label', name);
    panel.setAttribute('aria-modal', narrow.matches);
    style(panel, { background: dark.matches ? '#161a18' : '#f8f6f2', 'background-clip': 'padding-box' });
    style(panel, narrow.matches // all of what the keyboard leaves
      ? { inset: `${view?.offsetTop ?? 0}px 0 auto 0`, width: '100%', height: view ? `${view.height}px` : '100%', 'border-radius': '0', border: '0' }
      : { inset: 'auto 20px 92px auto', width: '400px', height: 'min(660px, calc(100% - 116px))', 'border-radius': '18px', border: '1px solid rgb(128 128 128 / .35)', 'box-shadow': '0 14px 48px rgb(0 0 0 / .26)' });
  }

  function load() {
    if (frame) return;
    const asked = new URLSearchParams(shop ? { shop, host: location.origin } : { host: location.origin });
    frame = make('iframe', { width: '100%', height: '100%', border: '0', display: 'block' }, { allow: 'clipboard-write', title: name, src: `${desk}/?${asked}` });
    panel.append(frame);
  }

  const tell = () => ready && frame.contentWindow.postMessage({ desk: open ? 'shown' : 'hidden' }, desk);

  function show(now) {
    open = now;
    load();
    draw();
    tell();
    if (!open) return button.focus();
    if (!calm.matches) panel.animate?.([{ opacity: 0, transform: 'translateY(12px)' }, {}], 160);
    frame.focus();
    // On the site's next page the badge goes on counting.
    try { sessionStorage.setItem('desk:opened', '1'); } catch { /* blocked: it waits to be opened */ }
  }

  function start() {
    draw();
    document.body.append(host);
    try { if (sessionStorage.getItem('desk:opened')) load(); } catch { /* as above */ }
  }

  async function begin() {
    try {
      const answer = await fetch(`${desk}/api/chat/shops/${encodeURIComponent(shop)}`);
      if (answer.status === 404 && shop) return console.error(`desk: no such shop: ${shop}`);
      if (answer.ok) ({ name, theme } = await answer.json());
    } catch { /* forbidden by the site's policy, or an outage: our own colours then */ }
    start();
  }

  button.addEventListener('click', () => show(!open));
  addEventListener('keydown', (event) => { if (open && event.key === 'Escape') show(false); });
  addEventListener('message', ({ source, origin, data }) => {
    if (!frame || source !== frame.contentWindow || origin !== desk || !data) return;
    if (data.desk === 'ready') { ready = true; tell(); }
    if (data.desk === 'close' && open) show(false);
    if (data.desk === 'unread') { unread = Number(data.count) || 0; draw(); }
  });
  for (const query of [narrow, dark]) query.addEventListener('change', draw);
  for (const kind of ['resize', 'scroll']) view?.addEventListener(kind, draw);
  if (document.body) begin(); else addEventListener('DOMContentLoaded', begin);
})();
