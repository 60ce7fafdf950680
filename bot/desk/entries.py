"""What entries of a case's history are called, and what they say; shown to people alone."""

from bot.desk.words import CLOCKS, ROLES, VISITS

EVENTS = {
    "review_begun": "开始审核",
    "approved": "同意",
    "rejected": "不同意",
    "asked": "请顾客补充",
    "answered": "顾客已补充",
    "shipped": "已寄出",
    "inspection_begun": "开始检测",
    "repair_begun": "开始维修",
    "refund_begun": "开始退款",
    "finished": "办好了",
    "confirmed": "顾客确认",
    "disputed": "顾客不认可",
    "closed": "关闭",
    "reopened": "重新打开",
    "withdrawn": "撤回",
    "changed": "修改",
    "opened": "开单",
    "assigned": "指派",
    "note": "备注",
    "added": "顾客补充",
    "phone": "留电话",
    "urged": "顾客催办",
    "corrected": "更正",
    "consent_asked": "请求审批",
    "consented": "审批同意",
    "consent_refused": "审批不同意",
    "warned": "快到时限",
    "breached": "超过时限",
    "escalated": "上报",
    "booked": "约好时间",
    "visit_confirmed": "确认约定",
    "visit_cancelled": "取消约定",
    "visit_kept": "如约见面",
    "visit_missed": "没见到顾客",
    "visit_address": "上门地址",
    "wants_visit": "顾客想约时间",
    "wants_withdrawal": "顾客想撤回",
    "wants_change": "顾客想改",
    "says_done": "顾客说办好了",
    "asked_again": "顾客又来问",
    "came_back": "又开了新单",
    "rated": "顾客评价",
}
# What stands by our own names in entries of a case's history.
NAMED = {
    "booked": VISITS,
    "assigned": ROLES,
    "warned": CLOCKS,
    "breached": CLOCKS,
    "escalated": {**CLOCKS, **ROLES},
}


def told(what: str, why: str) -> str:
    """What an entry of a case's history says, the names in it as people call them."""
    named = NAMED.get(what, {})
    return " ".join(named.get(word, word) for word in why.split(" "))
