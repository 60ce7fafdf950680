// The lines of a conversation. Everything a shopper wrote is put in by `{{ }}`, never as HTML.
const WHO = { shopper: "顾客", bot: "机器人", agent: "客服", system: "" };
const STATE = { pending: "待发", sending: "发送中", offered: "未读", sent: "已送达", held: "等顾客回来",
  failed: "没送到", unconfirmed: "可能没送到", recalled: "已撤回" };
export default {
  template: `
    <div class="talk" ref="box" role="log" aria-label="对话">
      <p v-if="!lines.length" class="empty">还没有说过话。</p>
      <div v-for="line in lines" :key="line.id" :class="['line', line.author, { mine: line.mine }]">
        <div v-if="line.author === 'system'" class="notice">{{ line.text }}</div>
        <template v-else>
          <div class="meta">
            <span>{{ line.name || who(line.author) }}</span><time>{{ line.at }}</time>
            <span v-if="line.recalled" class="state">已撤回</span>
            <span v-else-if="line.state" :class="['state', line.state]">{{ state(line.state) }}</span>
            <button v-if="canRecall(line)" class="recall" @click="$emit('recall', line.id)">撤回</button>
          </div>
          <div v-if="line.text || !line.photos.length" :class="['bubble', { long: isLong(line), open: opened[line.id], gone: line.recalled }]">
            <span class="text">{{ line.text }}</span>
          </div>
          <button v-if="isLong(line)" class="more" @click="opened[line.id] = !opened[line.id]">
            {{ opened[line.id] ? "收起" : "展开全文（" + line.text.length + " 字）" }}</button>
          <div v-if="line.photos.length" class="photos">
            <button v-for="photo in line.photos" :key="photo" class="photo" @click="view = photo" aria-label="看大图">
              <img :src="address(photo, true)" :alt="line.author === 'shopper' ? '顾客发的照片' : '客服发的图片'" loading="lazy"></button>
          </div>
          <div v-if="line.clauses.length || line.case" class="tags">
            <span v-for="clause in line.clauses" :key="clause" class="tag">{{ clause }}</span>
            <a v-if="line.case" class="tag case" :href="prefix() + '/tickets/' + line.case">单子 {{ line.case }}</a>
          </div>
          <div v-if="line.buttons.length" class="tags"><span v-for="title in line.buttons" :key="title" class="tag quiet">{{ title }}</span></div>
        </template>
      </div>
      <div v-if="typing" class="types" role="status">顾客正在输入…</div>
      <button v-if="below" class="below" @click="down(true)">有新消息 ↓</button>
      <div v-if="view" class="viewer" @click="view = null" role="dialog" aria-label="照片">
        <img :src="address(view, false)" alt="大图"></div>
    </div>`,
  props: { conversation: String, first: Array },
  data() { return { lines: [...this.first], opened: {}, view: null, below: false, typing: false }; },
  mounted() {
    this.down(true);
    this.$refs.box.addEventListener("scroll", () => { if (this.atEnd()) this.below = false; });
    this.key = (event) => { if (event.key === "Escape") this.view = null; };
    window.addEventListener("keydown", this.key);
  },
  unmounted() { window.removeEventListener("keydown", this.key); clearTimeout(this.hushed); },
  methods: {
    who(author) { return WHO[author] ?? author; },
    state(name) { return STATE[name] ?? ""; },
    prefix() { return window.path_prefix || ""; },
    isLong(line) { return line.text.length > 600; },
    canRecall(line) { return line.mine && !line.recalled && ["pending", "offered", "held"].includes(line.state); },
    address(photo, small) {
      return this.prefix() + "/photos/" + this.conversation + "/" + photo + (small ? "?size=thumb" : "");
    },
    atEnd() { const box = this.$refs.box; return box.scrollHeight - box.scrollTop - box.clientHeight < 80; },
    down(force) {
      this.$nextTick(() => {
        const box = this.$refs.box;
        if (box && force) { box.scrollTop = box.scrollHeight; this.below = false; }
      });
    },
    types() {
      const follow = this.atEnd();
      this.typing = true;
      clearTimeout(this.hushed);
      this.hushed = setTimeout(() => { this.typing = false; }, 6000);
      if (follow) this.down(true);
    },
    show(lines) {
      const follow = this.atEnd();
      let heard = false;
      for (const line of lines) {
        const at = this.lines.findIndex((known) => known.id === line.id);
        if (at >= 0) { this.lines[at] = line; continue; }
        this.lines.push(line);
        heard = heard || line.author === "shopper";
        if (line.mine) this.down(true);
      }
      this.lines.sort((a, b) => a.seq - b.seq);
      if (heard) { this.typing = false; window.desk?.ring(document.hidden); }
      if (follow) this.down(true); else if (heard) this.below = true;
    },
  },
};
