"""What the desk calls things: states, kinds, channels, roles of facts; shown to people alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.desk.values import PLAIN_VALUES, VALUES
from bot.errors import BadInput
from bot.messages import Pressed
from bot.policy.catalogue import Catalogue
from bot.settings import ROOT

CHANNELS = {"web": "网页", "wechat": "微信", "phone": "电话", "counter": "柜台"}
MOODS = {0: "平稳", 1: "着急", 2: "很生气"}
MODES = {"bot": "机器人接待", "waiting": "排队中", "human": "人工接待", "closed": "已结束"}
PRIORITIES = {0: "最急", 1: "特急", 2: "紧急", 3: "优先"}
SOURCES = {
    "stated": "顾客说的",
    "said": "顾客说的",
    "shopper": "顾客说的",
    "button": "点选的",
    "presumed": "按常情",
    "order": "订单里的",
    "agent": "客服填的",
    "phone": "电话里说的",
    "counter": "柜台记的",
}
OUTCOMES = {
    "refund": "退货退款",
    "exchange": "换货",
    "exchange_or_refund": "退或换",
    "free_repair": "免费维修",
    "repair": "维修",
    "paid_repair": "收费维修",
    "refund_minus_depreciation": "扣折旧退款",
    "exchange_with_depreciation": "收折旧换货",
    "price_difference_refund": "退差价",
    "price_difference": "退差价",
    "free_care": "免费护理",
    "compensation": "赔偿",
    "inspect": "先检测",
    "inspection": "先检测",
    "refuse": "不办理",
    "escalate": "交给上级",
    "apology": "道歉",
    "call_back": "回电",
    "explain": "说明",
}
KINDS = {
    "return": "退货",
    "exchange": "换货",
    "repair": "维修",
    "price_difference": "差价",
    "compensation": "赔偿",
    "complaint": "投诉",
    "care": "洗护",
    "installation": "安装",
    "inspection": "检测",
    "call_back": "回电",
    "other": "其他",
}
COMPLAINTS = {
    "quality": "质量",
    "packaging": "包装",
    "conduct": "服务态度",
    "facility": "设施",
    "price": "价格",
    "fraud": "欺诈",
    "delivery": "配送",
    "other": "其他",
}
STATES = {
    "submitted": "已提交",
    "reviewing": "审核中",
    "approved": "已同意",
    "rejected": "未同意",
    "awaiting_customer": "等顾客",
    "goods_in_transit": "寄送中",
    "inspecting": "检测中",
    "repairing": "维修中",
    "refunding": "退款中",
    "done": "已办好",
    "confirmed": "顾客确认",
    "closed": "已关闭",
    "reopened": "重新打开",
    "withdrawn": "已撤回",
}
VISITS = {"counter_visit": "到柜台", "field_repair": "上门维修", "installation": "上门安装"}
VISIT_STATES = {"held": "留着位置，还没确认", "confirmed": "已确认"}
HAND_OFF = {
    "queued": "进入排队",
    "claimed": "接待",
    "taken_over": "接手",
    "joined": "加入",
    "transferred": "转接",
    "returned": "退回排队",
    "given_back": "交还机器人",
    "ended": "结束",
    "note": "备注",
    "left": "顾客不等了",
    "called_back": "改为回电",
}
RESOLUTIONS = {
    "solved": "解决了",
    "explained": "解释清楚了",
    "case_opened": "已开单跟进",
    "referred": "转到别处",
    "shopper_left": "顾客离开",
    "abuse": "骚扰辱骂",
    "other": "其他",
    "given_back": "交还机器人",
    "left_queue": "顾客不等了",
    "call_back": "改为回电",
}
ORDER_STANDS = {
    "placed": "没付款",
    "paid": "等发货",
    "shipped": "已发货",
    "delivered": "已送到",
    "done": "已完成",
    "cancelled": "已取消",
}
ROLES = {
    "after_sales": "售后部",
    "after_sales_head": "售后主任",
    "after_sales_manager": "售后经理",
    "assistant_manager": "店助",
    "brand": "品牌方",
    "business": "业务部",
    "company_after_sales": "公司售后",
    "complaint_station": "投诉站",
    "consumer_association": "消费者协会",
    "counter": "柜台",
    "counter_manager": "柜长",
    "duty_manager": "值班经理",
    "floor_supervisor": "楼面主管",
    "goods_manager": "商品经理",
    "gore": "面料厂家",
    "manager": "经理",
    "qc": "品控部",
    "sales": "销售部",
    "store_manager": "店长",
    "technical": "技术部",
    "technician": "技师",
    "warehouse": "仓库",
}
RULES = {
    "asks": "要找人工",
    "not-understood": "连续没听懂",
    "furious": "非常生气",
    "hot-tempered": "情绪激动",
    "insulted": "言语激烈",
    "hurt": "受伤、过敏或起火",
    "media": "提到媒体",
    "law": "提到投诉举报或法律",
    "urgent-upward": "要往上反映",
    "reopened-twice": "第二次重新打开",
    "promise-broken": "答应的没做到",
    "call-missed": "说好回电没回",
    "great-demand": "要求超出规定",
    "by-decision": "规则要求请示",
    "insists": "坚持要破例",
    "repaired-twice": "修过两次",
    "still-refused": "不接受结果",
    "no-agreement": "谈不拢",
    "not-solved": "没有解决",
    "disputed": "有争议",
    "complaint": "投诉",
    "conduct": "投诉服务",
    "our-people": "投诉服务",
    "manners": "投诉服务",
    "fraud": "涉及欺诈",
    "delivery": "配送问题",
    "late": "送晚了",
    "factory": "要问厂家",
    "station": "要找投诉站",
    "taste": "个人感觉",
    "value": "金额较大",
}
CLOCKS = {
    "first_response": "首次回复",
    "next_step": "下一步",
    "finish": "办结",
    "call_back": "回电",
    "promised": "答复",
    "approval": "审批",
}


@dataclass(frozen=True)
class Words:
    """`values` holds the words for (fact, value), read once from the buttons."""

    catalogue: Catalogue
    values: Mapping[tuple[str, str], str]

    @classmethod
    def load(cls, catalogue: Catalogue) -> "Words":
        """From the buttons in `domain.yml`."""
        domain = yaml.load((ROOT / "domain.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)
        values: dict[tuple[str, str], str] = {}
        for variants in domain["responses"].values():
            for variant in variants:
                for button in variant.get("buttons", []):
                    values |= _given(button["payload"], button["title"])
        return cls(catalogue, values)

    def fact(self, key: str) -> str:
        """The label of a fact."""
        spec = self.catalogue.specs.get(key)
        return spec.label if spec and spec.label else key

    def value(self, key: str, value: Any) -> str:
        """A fact's value as one would say it."""
        if value == "unknown":
            return "说不清"
        text = str(value)
        if key.startswith("price") and text not in PLAIN_VALUES:
            return f"{value} 元"
        if key.startswith("days_since"):
            return "当天" if text == "0" else f"{value} 天前"
        plain = PLAIN_VALUES.get(text) or VALUES.get(key, {}).get(text, text)
        return self.values.get((key, text), plain)


def _given(payload: str, title: str) -> dict[tuple[str, str], str]:
    try:
        return dict.fromkeys(Pressed.by(payload).given.items(), title)
    except BadInput:
        return {}


def role(name: str | None) -> str:
    """A department or rung as people call it."""
    return ROLES.get(name or "", name or "不限")


def waited(since: datetime | None, now: datetime) -> str:
    """A wait, short: 45 秒, 12 分, 3 小时 5 分, 2 天."""
    if since is None:
        return ""
    seconds = max(0, int((now - since).total_seconds()))
    if seconds < 60:
        return f"{seconds} 秒"
    if seconds < 3600:
        return f"{seconds // 60} 分"
    if seconds < 86400:
        return f"{seconds // 3600} 小时 {seconds % 3600 // 60} 分"
    return f"{seconds // 86400} 天"


def when(at: datetime | None, zone: ZoneInfo, now: datetime) -> str:
    """An instant, short: the time today, otherwise day and time."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        return f"{local:%H:%M}"
    year = f"{local.year}年" if abs(now - at) > timedelta(days=180) else ""
    return f"{year}{local.month}月{local.day}日 {local:%H:%M}"


def spaced(no: str) -> str:
    """A case number in groups one can read aloud."""
    return f"{no[:6]} {no[6:10]} {no[10:]}".strip()
