"""What the twin says: one scripted answer for each word a test types."""

from __future__ import annotations

from typing import Any

from bot.shops.theme import Theme

Fields = dict[str, Any]

GREETING: Fields = {
    "author_name": "小服",
    "text": "您好，这里是售后服务台。退换、维修、投诉、查进度，直接说就好。",
    "buttons": [
        {"title": "想退货", "payload": "intent:return_request"},
        {"title": "想换货", "payload": "intent:exchange_request"},
        {"title": "东西坏了要修", "payload": "intent:repair_request"},
        {"title": "查处理进度", "payload": "intent:ticket_status"},
    ],
}

SHOPS: dict[str, Fields] = {
    slug: {
        "slug": slug,
        "name": name,
        "greeting": GREETING["text"],
        "mark": name[:1],
        "theme": Theme(accent).shades(),
        "privacy": {"url": "/privacy", "version": "2026-11", "line": "同意"},
    }
    for slug, name, accent in (
        ("sample", "售后服务台", "#1c6b5a"),
        ("dept_fashion", "云锦时尚百货", "#1c6b5a"),
        ("kids", "小象童装", "#c2410c"),
    )
}

TICKET = {"no": "26112300014", "state": "submitted", "due": "2026-11-30T10:00:00Z"}


def decision(outcome: str, **fields: Any) -> Fields:
    """A decision record as the API gives it."""
    return {
        "status": "decided",
        "outcome": outcome,
        "remedies": [],
        "presumed": [],
        "ask": [],
        "escalate_to": None,
        "clauses": [],
        "reason": "",
        "next_steps": [],
        "policy_set": "sample",
        "as_of": "2026-11-23",
        "decision_id": "d-1",
    } | fields


def _clause(number: str, title: str) -> Fields:
    return {
        "id": number,
        "title": title,
        "source": "document",
        "version": 1,
        "effective_from": "2024-01-01",
        "effective_to": None,
    }


REFUND = decision(
    "refund",
    remedies=[
        {
            "type": "refund",
            "amount": "1299.00",
            "due": "2026-12-02T10:00:00Z",
            "term": {"n": 7, "unit": "working_day", "from_event": "goods_arrived"},
        }
    ],
    presumed=[
        {"fact": "remote_purchase", "value": "no"},
        {"fact": "special_price", "value": "no"},
        {"fact": "damaged", "value": "no"},
        {"fact": "rung", "value": 1},
    ],
    clauses=[
        _clause("XX-R-03", "不喜欢，七天内可以退"),
        _clause("XX-R-07", "吊牌和小票齐全才受理"),
    ],
    reason="购买三天，吊牌和小票都在，符合退货的条件。",
    next_steps=["带上商品、吊牌和小票到购买的柜台", "店员当面核对后，原路退回到您付款的账户"],
)

REFUSE = decision(
    "refuse",
    remedies=[
        {
            "type": "paid_repair",
            "amount": None,
            "due": None,
            "term": {"n": 15, "unit": "day", "from_event": "at_counter"},
        }
    ],
    clauses=[_clause("XX-R-11", "已经穿用且没有质量问题的不退换")],
    reason="商品已经穿过，也没有质量问题，所以不能退换。",
    next_steps=["如果觉得是质量问题，可以带来当面看一下"],
)

INSPECT = decision(
    "needs_inspection",
    remedies=[{"type": "apology", "amount": None, "due": None, "term": None}],
    clauses=[_clause("XX-W-02", "开胶先由柜台检测")],
    reason="要看到实物才能判断开胶的原因。",
)

ESCALATE = decision(
    "escalate",
    status="escalate",
    escalate_to="duty_manager",
    reason="这件事由值班经理来跟进更合适。",
)

ASK_TAG: Fields = {
    "text": "衣服上的吊牌还在吗？",
    "ask": "tag",
    "buttons": [
        {"title": "还在", "payload": "fact:tag=on"},
        {"title": "已经剪掉了", "payload": "fact:tag=removed"},
        {"title": "记不清了", "payload": "fact:tag=unknown"},
    ],
}

FACTS: list[Fields] = [
    {
        "fact": "category",
        "label": "商品",
        "value": "down_jacket",
        "shown": "羽绒服",
        "editable": True,
    },
    {
        "fact": "days_since_purchase",
        "label": "购买时间",
        "value": 2,
        "shown": "前天（11月21日）",
        "editable": True,
    },
    {"fact": "worn", "label": "穿过没有", "value": "no", "shown": "没穿过", "editable": True},
    {"fact": "receipt", "label": "小票", "value": "yes", "shown": "在手上", "editable": True},
    {
        "fact": "remote_purchase",
        "label": "购买方式",
        "value": "no",
        "shown": "门店购买",
        "editable": False,
    },
]

BY_PAYLOAD: dict[str, list[Fields]] = {
    "intent:return_request": [ASK_TAG],
    "fact:tag=on": [{"text": "可以退。下面是处理办法和依据。", "decision": REFUND}],
    "fact:tag=removed": [{"text": "这件不能退换，不过还有别的办法。", "decision": REFUSE}],
    "photo": [{"text": "照片收到了，我会一起放进单子里。"}],
    "edit:worn": [
        {
            "text": "好的，那衣服穿过吗？",
            "ask": "worn",
            "buttons": [
                {"title": "穿过", "payload": "fact:worn=yes"},
                {"title": "没穿过", "payload": "fact:worn=no"},
            ],
        }
    ],
    "fact:worn=yes": [
        {
            "text": "改好了。",
            "facts": [
                fact | ({"value": "yes", "shown": "穿过"} if fact["fact"] == "worn" else {})
                for fact in FACTS
            ],
        }
    ],
    "bot": [{"text": "好的，不排队了，我们接着说。", "state": {"mode": "bot", "position": None}}],
    "human": [
        {
            "author": "system",
            "text": "已经为您排队，专人接入前您可以继续留言。",
            "state": {"mode": "waiting", "position": 2},
        }
    ],
}

BY_TEXT: dict[str, list[Fields]] = {
    "退": [ASK_TAG],
    "情况": [{"text": "好的，我先把情况记下来，您看看对不对。", "facts": FACTS}],
    "登记": [{"text": "已经为您登记好了。", "ticket": TICKET}],
    "开胶": [{"text": "需要您把鞋带到柜台。", "decision": INSPECT}],
    "经理": [{"text": "我请值班经理来处理。", "decision": ESCALATE}],
    "专人": [
        {
            "author": "agent",
            "author_name": "林芳",
            "text": "您好，我是值班的林芳，我来帮您看。",
            "state": {"mode": "human", "position": None, "agent_name": "林芳"},
        }
    ],
    "沉默": [],
    "标签": [{"text": "<img src=x onerror=\"document.title='破'\"><b>粗</b> & 原样"}],
    "长": [{"text": "这是比较长的一段说明，用来看滚动。\n" * 12}],
}


def answer(body: Fields) -> list[Fields]:
    """The lines that follow the shopper's."""
    if payload := body.get("payload"):
        return [dict(line) for line in BY_PAYLOAD.get(payload, [{"text": "好的。"}])]
    text = body["text"]
    lines = next(
        (lines for word, lines in BY_TEXT.items() if word in text), [{"text": f"收到：{text}"}]
    )
    return [dict(line) for line in lines]
