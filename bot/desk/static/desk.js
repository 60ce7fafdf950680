// Keys, dark mode, sound and the number in the title; everything else is the server's.
(() => {
  const keyless = (event) => {
    const at = event.target;
    return at.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(at.tagName);
  };
  const shown = (each) => each.offsetParent && !each.disabled;
  const press = (key) => {
    const found = [...document.querySelectorAll(`[data-key="${key}"]`)].find(shown);
    if (found?.tagName === "TEXTAREA") found.focus(); else found?.click();
    return Boolean(found);
  };
  // J and K go through the rows of all lists of a page, Enter opens the one they have come to.
  const walk = (by) => {
    const rows = [...document.querySelectorAll(".desk-table tbody tr")].filter(shown);
    const at = rows.findIndex((row) => row.classList.contains("picked"));
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    rows[at]?.classList.remove("picked");
    next?.classList.add("picked");
    next?.scrollIntoView({ block: "nearest" });
    return Boolean(next);
  };
  const neighbour = (by) => {
    const rows = [...document.querySelectorAll(".side .item")];
    const at = rows.findIndex((row) => row.classList.contains("active"));
    const next = rows[at < 0 ? 0 : at + by];
    next?.click();
    return Boolean(next);
  };
  const inDialog = (event, dialog) => {
    const line = event.target.tagName === "INPUT" && !event.target.closest(".q-select");
    if (event.key !== "Enter" || event.isComposing || !(line || event.ctrlKey || event.metaKey)) return false;
    dialog.querySelector("[data-role=ok]")?.click();
    return true;
  };
  const withAlt = (event) => {
    if (/^[1-7]$/.test(event.key)) return press(event.key);
    if (event.key === "ArrowDown") return neighbour(1);
    if (event.key === "ArrowUp") return neighbour(-1);
    return /^Key[A-Z]$/.test(event.code) && press(event.code[3].toLowerCase());
  };
  const plain = (event) => {
    if (event.key === "?") { window.desk.keys(); return true; }
    if (event.key === "j" || event.key === "k") return walk(event.key === "j" ? 1 : -1);
    if (event.key === "Enter" && event.target === document.body) return Boolean(document.querySelector("tr.picked")?.click()) || true;
    return /^[a-z]$/.test(event.key) && press(event.key);
  };
  window.addEventListener("keydown", (event) => {
    const dialog = [...document.querySelectorAll(".q-dialog, dialog[open]")].pop();
    let done = false;
    if (dialog) done = dialog.matches("dialog") ? event.key === "?" && (dialog.close(), true) : inDialog(event, dialog);
    else if (event.altKey && !event.ctrlKey && !event.metaKey) done = withAlt(event);
    else if (event.key === "Escape" && keyless(event)) event.target.blur();
    else if (!event.ctrlKey && !event.metaKey && !event.altKey && !keyless(event)) done = plain(event);
    if (done) event.preventDefault();
  });
  let audio;
  const beep = (tone) => {
    try {
      audio ??= new AudioContext();
      const source = audio.createOscillator(), gain = audio.createGain();
      source.frequency.value = tone;
      gain.gain.setValueAtTime(0.08, audio.currentTime);
      gain.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.35);
      source.connect(gain).connect(audio.destination);
      source.start();
      source.stop(audio.currentTime + 0.35);
    } catch { /* no sound without a first click: the number in the title is there */ }
  };
  let unseen = 0, waiting = 0;
  const title = () => {
    const plain = document.title.replace(/^\(\d+\) /, ""), n = waiting + unseen;
    document.title = n ? `(${n}) ${plain}` : plain;
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { unseen = 0; title(); } });
  const made = (tag, text, ...children) => {
    const node = document.createElement(tag);
    node.append(text, ...children);
    return node;
  };
  const keySheet = () => {
    const dialog = made("dialog", "", made("h2", "快捷键"));
    dialog.className = "desk-keys";
    for (const [group, keys] of window.deskKeys) {
      dialog.append(made("section", "", made("h3", group), ...keys.map(([key, what]) => made("p", "", made("kbd", key), what))));
    }
    dialog.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    return dialog;
  };
  window.desk = {
    keys() { keySheet().showModal(); },
    sheet() { document.querySelector(".desk-talk").classList.toggle("sheeted"); },
    ring(away) { beep(660); if (away) { unseen += 1; title(); } },
    news(count, more, urgent) { waiting = count; if (more) beep(urgent ? 990 : 880); title(); },
    dark() {
      const dark = !document.body.classList.contains("body--dark");
      localStorage.setItem("desk-dark", dark ? "1" : "0");
      setDark(dark);
    },
    leave() {
      const form = document.createElement("form");
      form.method = "post";
      form.action = (window.path_prefix || "") + "/sign-in/leave";
      document.body.append(form);
      form.submit();
    },
  };
  // What the library says of a lost network, in our words.
  window.addEventListener("DOMContentLoaded", () => {
    const told = { popup: ["网络断了，正在重新连接。", "写好的话都在，不会丢。"], too_long_message_popup: ["内容太长，没有送出去。", "分成几段再试。"] };
    for (const [id, texts] of Object.entries(told)) {
      document.querySelectorAll(`#${id} span`).forEach((span, at) => { span.textContent = texts[at]; });
    }
  });
  const kept = localStorage.getItem("desk-dark");
  if (kept !== null) {
    const apply = () => (typeof darkSetter !== "undefined" && darkSetter ? setDark(kept === "1") : setTimeout(apply, 20));
    window.addEventListener("DOMContentLoaded", apply);
  }
})();
