// The box: Enter sends, Shift+Enter breaks the line, "/" at its beginning looks for a reply.
// A line leaves the box only when the server has it; its id makes a second sending harmless.
export default {
  template: `
    <div class="composer" :class="{ noting: noting }">
      <div v-if="others" class="others" role="status">{{ others }}</div>
      <div v-if="problem" class="problem" role="alert">{{ problem }}</div>
      <div v-if="claims.length && writable && !noting" class="guard" role="alert">
        <div>还没定下来的承诺：<b v-for="claim in claims" :key="claim">{{ claim }}</b>。改掉，或者选理由再发：</div>
        <div class="over">
          <select v-model="gap" aria-label="理由类别"><option value="">选一类</option>
            <option v-for="(title, name) in gaps" :key="name" :value="name">{{ title }}</option></select>
          <input v-model="reason" maxlength="500" placeholder="写明理由，会记入台账" aria-label="理由">
          <button :disabled="!gap || !reason.trim()" @click="send(true)">照发</button>
        </div>
      </div>
      <ul v-if="found.length" class="found" role="listbox" aria-label="常用语">
        <li v-for="(each, at) in found" :key="each.id" role="option" :aria-selected="at === picked"
          @mousedown.prevent="pick(each)"><b>{{ each.title }}</b><span>{{ each.text }}</span></li>
      </ul>
      <div v-if="photo" class="tray" data-role="tray">
        <img :src="photo.url" alt="要发的图片">
        <span>{{ photo.busy ? "正在发…" : "只发这张图片，文字另外发" }}</span>
        <button class="flat" :disabled="photo.busy" @click="drop">不发了</button>
        <button class="send" data-role="send-picture" :disabled="photo.busy || !writable" @click="post">发图片</button>
      </div>
      <textarea ref="box" v-model="text" :readonly="!writable && !noting" :placeholder="hint()" rows="3" data-key="i"
        aria-label="回复" @keydown="key" @paste="paste" @input="typed" @compositionstart="composing = true" @compositionend="composing = false"></textarea>
      <div class="bar">
        <button class="flat" :class="{ on: noting }" @click="toggle" title="只有同事看得到（M）" data-key="m" :aria-pressed="noting">内部备注</button>
        <button v-if="writable && !noting" class="flat" data-role="picture" title="发一张图片，也可以直接粘贴" @click="$refs.file.click()">图片</button>
        <input ref="file" type="file" accept="image/jpeg,image/png,image/webp" aria-label="选图片" hidden @change="choose($event.target)">
        <select v-if="writable && !noting" class="flat" aria-label="快捷操作" @change="macro($event)">
          <option value="">快捷操作…</option>
          <option v-for="each in macros" :key="each.id" :value="each.id">{{ each.title }}</option></select>
        <span class="meter" :class="tone">{{ meter }}</span>
        <span class="count" :class="{ alert: text.length > 2000 }" v-if="text.length > 1500">{{ text.length }}/2000</span>
        <span class="wait" v-if="pending && offline">网络断了，连上后接着发</span>
        <button class="send" data-role="send" :disabled="(!writable && !noting) || !text.trim() || pending" @click="send(false)">{{ noting ? "记下" : "发送" }}</button>
      </div>
    </div>`,
  props: { conversation: String, who: String, may: Boolean, replies: Array, macros: Array, gaps: Object },
  data() {
    return { text: "", writable: this.may, meter: "", tone: "", others: "", problem: "", claims: [], gap: "",
      reason: "", found: [], picked: 0, noting: false, pending: null, offline: false, composing: false, photo: null, fence: 0 };
  },
  mounted() {
    const kept = JSON.parse(localStorage.getItem(this.store()) || "null");
    if (kept) { this.text = kept.text; this.kept = kept.id; if (kept.sent && this.may) { this.pending = kept.id; this.offline = true; } }
    this.watch = setInterval(() => this.look(), 1000);
  },
  unmounted() { clearInterval(this.watch); this.drop(); },
  methods: {
    store() { return "desk-line-" + this.who + "-" + this.conversation; },
    hint() {
      if (this.noting) return "备注只有同事看得到，@名字 可以提醒对方";
      return this.writable ? "回车发送，Shift+回车换行，/ 找常用语" : "接待以后才能回复";
    },
    keep(sent) {
      if (this.text) localStorage.setItem(this.store(), JSON.stringify({ text: this.text, id: this.kept, sent }));
      else localStorage.removeItem(this.store());
    },
    typed() {
      this.problem = "";
      if (!this.pending) this.kept = null;
      this.keep(false);
      this.search();
      clearTimeout(this.later);
      this.later = setTimeout(() => { if (!this.noting && !this.text.startsWith("/")) this.$emit("look", { text: this.text.slice(0, 2000) }); }, 400);
      const now = Date.now();
      if (!this.noting && now - (this.told || 0) > 3000) { this.told = now; this.$emit("writing"); }
    },
    search() {
      const match = /^\/(.*)$/.exec(this.text);
      const sought = match ? match[1].trim().toLowerCase() : null;
      this.found = sought === null ? [] : this.replies.filter((each) => (each.title + each.keys + each.text).toLowerCase().includes(sought)).slice(0, 8);
      this.picked = 0;
    },
    pick(reply) { this.found = []; this.text = ""; this.$emit("canned", { text: reply.text }); },
    key(event) {
      if (event.isComposing || this.composing) return;
      if (this.found.length) {
        const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (by) { this.picked = (this.picked + by + this.found.length) % this.found.length; event.preventDefault(); return; }
        if (event.key === "Enter" || event.key === "Tab") { this.pick(this.found[this.picked]); event.preventDefault(); return; }
        if (event.key === "Escape") { this.found = []; event.stopPropagation(); return; }
      }
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); this.send(false); }
    },
    send(over) {
      const text = this.text.trim();
      if (!text && this.photo && !this.noting) { this.post(); return; }
      if (!text || this.pending) return;
      if (!this.writable && !this.noting) { this.problem = this.lost(); return; }
      if (text.length > 2000) { this.problem = "一条最多 2000 个字，现在有 " + text.length + " 个，分几条发。"; return; }
      if (this.noting) { this.$emit("note", { text }); return; }
      this.kept = this.kept || Date.now().toString(36) + Math.random().toString(36).slice(2, 12);
      this.pending = this.kept;
      this.keep(true);
      this.over = over;
      this.push();
    },
    push() {
      this.offline = !window.socket?.connected;
      this.tried = Date.now();
      if (!this.offline) this.$emit("send", { id: this.pending, text: this.text.trim(), gap: this.over ? this.gap : "", reason: this.over ? this.reason : "" });
    },
    look() {
      if (!this.pending) return;
      const connected = window.socket?.connected;
      if ((this.offline && connected) || Date.now() - this.tried > 8000) this.push();
      else this.offline = !connected;
    },
    taken(id) {
      if (id !== this.pending && id !== this.kept) return;
      this.pending = this.kept = null;
      this.text = this.problem = this.gap = this.reason = "";
      this.claims = [];
      this.keep(false);
      this.$refs.box.focus();
    },
    refused(id, message, claims) {
      if (id && id !== this.pending) return;
      this.pending = null;
      this.problem = claims.length ? "" : message;
      this.claims = claims;
      this.keep(false);
    },
    insert(text) { this.text = text; this.kept = null; this.keep(false); this.noting = false; this.$refs.box.focus(); this.$emit("look", { text }); },
    warn(claims) { this.claims = claims; },
    noted() { this.text = ""; this.noting = false; this.keep(false); },
    choose(input) { const file = input.files[0]; input.value = ""; if (file) this.hold(file); },
    paste(event) {
      const file = [...event.clipboardData.files].find((each) => each.type.startsWith("image/"));
      // What a word processor copies is text with a picture of it.
      if (!file || !this.writable || this.noting || event.clipboardData.getData("text/plain")) return;
      event.preventDefault();
      this.hold(file);
    },
    hold(file) {
      this.drop();
      this.problem = file.size > 10 << 20 ? "图片超过 10 MB，请截取一部分或者缩小后再发。" : "";
      if (!this.problem) this.photo = { file, url: URL.createObjectURL(file), busy: false, id: Date.now().toString(36) + Math.random().toString(36).slice(2, 12) };
      this.$refs.box.focus();
    },
    drop() { if (this.photo) URL.revokeObjectURL(this.photo.url); this.photo = null; },
    async post() {
      const photo = this.photo;
      if (!photo || photo.busy || !this.writable) return;
      photo.busy = true;
      this.problem = "";
      const answer = await this.upload(photo);
      if (photo !== this.photo) return;
      photo.busy = false;
      if (answer.status < 500 && answer.status >= 200) this.drop();
      if (answer.problem) this.problem = answer.problem;
      else this.$refs.box.focus();
    },
    async upload(photo) {
      const url = (window.path_prefix || "") + "/photos/" + this.conversation + "?fence=" + this.fence + "&id=" + photo.id;
      try {
        const answer = await fetch(url, { method: "POST", body: photo.file, redirect: "manual" });
        const plain = (answer.headers.get("Content-Type") || "").startsWith("text/plain");
        const told = plain && answer.status < 500 ? await answer.text() : "图片没有发出去，请再点一次“发图片”。";
        return { status: answer.status, problem: answer.ok ? "" : told };
      } catch { return { status: 0, problem: "网络断了，图片还没有发出去，连上后再点一次“发图片”。" }; }
    },
    stand(writable, meter, tone, others, fence) {
      this.fence = fence;
      if (writable !== this.writable) this.problem = writable ? "" : this.lost();
      this.writable = writable;
      this.meter = meter; this.tone = tone; this.others = others;
    },
    lost() { return this.text.trim() ? "这位顾客现在不由您接待。没发出去的话还在框里，可以复制。" : ""; },
    toggle() { this.noting = !this.noting; this.claims = []; this.problem = ""; this.$nextTick(() => this.$refs.box.focus()); },
    macro(event) {
      const id = event.target.value;
      event.target.value = "";
      if (id) this.$emit("macro", { id, key: Date.now().toString(36) + Math.random().toString(36).slice(2, 12) });
    },
  },
};
