"""Cells of the desk's tables; Quasar fills them in as text, never as HTML."""


def cell(inner: str, more: str = "") -> str:
    """A cell whose content is `inner`, a template over `props`."""
    return f'<q-td :props="props"{more}>{inner}</q-td>'


LEVEL = cell("<span :class=\"'level l' + props.row.level\">{{ props.value }}</span>")
MOOD = cell("<span :class=\"'mood m' + props.row.mood_level\">{{ props.value }}</span>")
PILL = cell('<span class="pill">{{ props.value }}</span>')
CLIPPED = cell('<span class="clip" :title="props.value">{{ props.value }}</span>')
LATE = cell('<span :class="{ alert: props.row.late }">{{ props.value }}</span>')
DUE = cell(
    '<span :class="{ alert: props.row.overdue }">'
    '{{ props.value }}{{ props.row.overdue ? " 已超时" : "" }}</span>'
)
COUNT = cell('<span :class="{ alert: props.value > 0 }">{{ props.value }}</span>')
OPEN_POINT = cell(
    '<span v-if="props.value" class="pill warn" :title="props.row.note">{{ props.value }}</span>'
)
WRAPPED = cell(
    '{{ props.value }}<small v-if="props.row.note">{{ props.row.note }}</small>', ' class="wrap"'
)
TAKE = cell(
    '<q-btn dense flat no-caps label="接待" class="desk-take"'
    " @click.stop=\"() => $parent.$emit('take', props.row.id)\" />"
)
ANSWER = cell(
    '<span v-if="props.row.answer" class="dot" title="等您回复"></span>'
    '<span class="clip">{{ props.value }}</span>'
)
