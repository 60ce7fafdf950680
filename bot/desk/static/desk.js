// Keys, dark mode, sound and the number in the title; everything else is the server's.
(() => {
  const keyless = (event) => {
    const at = event.target;
    return at.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(at.tagName);
  };
  const press = (key) => {
    const found = [...document.querySelectorAll(`[data-key="${key}"]`)].find((each) => each.offsetParent);
    found?.click();
    return Boolean(found);
  };
  window.addEventListener("keydown", (event) => {
    if (event.altKey && /^[1-7]$/.test(event.key)) { if (press(event.key)) event.preventDefault(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || keyless(event)) return;
    if (document.querySelector(".q-dialog")) return;
    if (/^[a-z]$/.test(event.key) && press(event.key)) event.preventDefault();
    if (event.key === "Enter") document.activeElement?.closest("tr[data-go]")?.click();
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
  window.desk = {
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
  const kept = localStorage.getItem("desk-dark");
  if (kept !== null) {
    const apply = () => (typeof darkSetter !== "undefined" && darkSetter ? setDark(kept === "1") : setTimeout(apply, 20));
    window.addEventListener("DOMContentLoaded", apply);
  }
})();
