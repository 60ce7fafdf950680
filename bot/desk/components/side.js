// One's open conversations; those in which a shopper waits for an answer are marked.
export default {
  template: `
    <nav class="side" aria-label="我的会话">
      <p v-if="!rows.length" class="empty">手上没有会话。</p>
      <a v-for="row in rows" :key="row.id" :href="prefix() + '/c/' + row.id"
        :class="['item', { active: row.id === active, answer: row.answer }]">
        <span class="who">{{ row.shop }}</span><span class="at">{{ row.waited }}</span>
        <span class="said">{{ row.last }}</span><span v-if="row.answer" class="dot" title="等您回复"></span></a>
    </nav>`,
  props: { rows: Array, active: String },
  watch: {
    rows(now, before) {
      const had = before.map((row) => row.id);
      if (now.some((row) => row.id !== this.active && !had.includes(row.id))) window.desk?.ring(document.hidden);
    },
  },
  methods: { prefix() { return window.path_prefix || ""; } },
};
