// Chinese words for the API's values, and how amounts, terms and deadlines are written.

import { clock, day } from './time.js';

/** outcome → [words, tone, icon]: colour is never the only sign. */
const OUTCOMES = {
  refund: ['可以退款', 'good', 'check'],
  exchange: ['可以换货', 'good', 'check'],
  exchange_or_refund: ['可以退也可以换', 'good', 'check'],
  free_repair: ['免费维修', 'good', 'wrench'],
  free_care: ['免费护理', 'good', 'check'],
  price_difference_refund: ['退还差价', 'good', 'check'],
  refund_minus_depreciation: ['扣除折旧后退款', 'good', 'check'],
  exchange_with_depreciation: ['补折旧后换货', 'good', 'check'],
  paid_repair: ['付费维修', 'mind', 'wrench'],
  needs_inspection: ['需要当面看一下', 'mind', 'look'],
  refuse: ['这次不能办理', 'no', 'stop'],
  escalate: ['转给专人处理', 'calm', 'person'],
  route: ['转到对应部门处理', 'calm', 'person'],
  refer: ['转到品牌处理', 'calm', 'person'],
  apologise: ['致歉', 'calm', 'info'],
  inform: ['说明', 'calm', 'info'],
};

/** Remedies that are no outcome, or read better as a noun. */
const REMEDIES = {
  refund: '退款', exchange: '换货', exchange_or_refund: '退货或换货', repair: '维修', care: '护理', needs_inspection: '当面查看',
  inspection: '检测', price_difference: '退还差价', apology: '向您致歉', callback: '回电',
};

const TARGETS = {
  manager: '经理', duty_manager: '值班经理', store_manager: '店长', counter_manager: '柜长', floor_supervisor: '楼层主管',
  assistant_manager: '经理助理', goods_manager: '商品经理', complaint_station: '投诉站', after_sales: '售后部',
  after_sales_head: '售后负责人', after_sales_manager: '售后经理', company_after_sales: '公司售后',
  consumer_association: '消费者协会', qc: '质检部', warehouse: '仓库', sales: '销售部', technician: '维修师傅',
  technical: '技术部', business: '业务部', brand: '品牌方', gore: 'GORE-TEX 品牌方',
};

const UNITS = { minute: '分钟', hour: '小时', day: '天', working_day: '个工作日', month: '个月' };

const EVENTS = {
  request: '提出后', goods_arrived: '收到商品后', at_counter: '到柜台后', purchase: '购买后',
  received: '您收货后', inspection: '检测后',
};

const STATES = {
  submitted: '已提交', reviewing: '正在看', approved: '已同意', rejected: '没有通过', awaiting_customer: '等您补充',
  goods_in_transit: '东西在路上', inspecting: '正在检查', repairing: '正在修', refunding: '正在退款', done: '办好了',
  confirmed: '已解决', closed: '已结束', reopened: '重新处理', withdrawn: '已撤回',
};

const PRESUMED = {
  'remote_purchase=no': '门店购买', 'remote_purchase=yes': '网上购买', 'special_price=no': '正价商品', 'special_price=yes': '特价商品',
  'genuine=yes': '本店正品', 'prior_repairs=0': '没有维修过', 'normal_use=yes': '正常使用', 'repairable=yes': '能修好',
  'restorable=yes': '修后能恢复原样', 'clean=yes': '商品干净', 'complete=yes': '配件齐全', 'resale_ok=yes': '不影响再次销售',
  'damaged=no': '没有破损', 'worn=no': '没有穿用过', 'receipt=yes': '有购物小票', 'tag=on': '吊牌还在', 'packaging=intact': '包装完好',
};

export function outcome(decision) {
  const key = decision.outcome ?? (decision.status === 'escalate' ? 'escalate' : null);
  if (!key) return null;
  const [words, tone, icon] = OUTCOMES[key] ?? ['处理结果', 'calm', 'info'];
  const target = TARGETS[decision.escalate_to];
  const handed = target && ['escalate', 'route', 'refer'].includes(key);
  return { key, tone, icon, words: handed ? `转给${target}处理` : words, target: handed ? null : target };
}

export const remedy = (type) => REMEDIES[type] ?? OUTCOMES[type]?.[0] ?? '处理';

export const state = (name) => STATES[name] ?? name;

/** `{said, untold}`: phrases for the presumed facts, and how many have no phrase. */
export function presumed(list) {
  const said = list.map(({ fact, value, label }) => label ?? PRESUMED[`${fact}=${value}`]).filter(Boolean);
  return { said, untold: list.length - said.length };
}

/** A CNY decimal string with its thousands marked; never through a float. */
export function money(amount) {
  const [whole, cents] = String(amount).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `¥${grouped}${cents && Number(cents) ? `.${cents.padEnd(2, '0')}` : ''}`;
}

export function term({ n, unit, from_event: from }) {
  const event = EVENTS[from] ? `${EVENTS[from]} ` : '';
  return `${event}${n} ${UNITS[unit] ?? ''}内`;
}

/** "11月30日（周日）18:00 前", Beijing time; a bare date has no hour to show. */
export function due(iso, now = new Date()) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  const then = day(at);
  const year = then.year === day(now).year ? '' : `${then.year}年`;
  const hour = /T\d/.test(iso) ? `${clock(at)} ` : '';
  return `${year}${then.month}月${then.day}日（${then.weekday}）${hour}前`;
}
