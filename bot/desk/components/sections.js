// Titled groups of rows; text is only ever text.
export default {
  template: `
    <div class="sections">
      <details v-for="part in sections" :key="part.title" :open="!part.folded" class="part">
        <summary>{{ part.title }}<span v-if="part.rows.length" class="n">{{ part.rows.length }}</span></summary>
        <p v-if="!part.rows.length" class="empty">{{ part.empty }}</p>
        <dl v-else><div v-for="(row, at) in part.rows" :key="at" :class="['row', row.tone]">
          <dt>{{ row.name }}</dt>
          <dd><a v-if="row.href" :href="prefix() + row.href">{{ row.value }}</a><span v-else class="value">{{ row.value }}</span>
            <small v-if="row.hint">{{ row.hint }}</small></dd></div></dl>
      </details>
    </div>`,
  props: { sections: Array },
  methods: { prefix() { return window.path_prefix || ""; } },
};
