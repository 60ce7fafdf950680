"""Callbacks of every kind in the form that the platform's documents show."""

HEAD = (
    "<ToUserName><![CDATA[toUser]]></ToUserName><FromUserName><![CDATA[fromUser]]></FromUserName>"
)


def payload(rest: str, created: int = 1348831860) -> bytes:
    """A callback with the common head."""
    return f"<xml>{HEAD}<CreateTime>{created}</CreateTime>{rest}</xml>".encode()


def kind(name: str, rest: str = "", number: int = 1234567890123456) -> bytes:
    """A message of a kind."""
    return payload(f"<MsgType><![CDATA[{name}]]></MsgType>{rest}<MsgId>{number}</MsgId>")


def event(name: str, rest: str = "", created: int = 123456789) -> bytes:
    """An event."""
    kind_and_name = f"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{name}]]></Event>"
    return payload(kind_and_name + rest, created)


TEXT = kind("text", "<Content><![CDATA[this is a test]]></Content>")
IMAGE = kind(
    "image", "<PicUrl><![CDATA[this is a url]]></PicUrl><MediaId><![CDATA[media_id]]></MediaId>"
)
VOICE = kind("voice", "<MediaId><![CDATA[media_id]]></MediaId><Format><![CDATA[Format]]></Format>")
VOICE_HEARD = kind(
    "voice",
    "<MediaId><![CDATA[media_id]]></MediaId><Format><![CDATA[Format]]></Format>"
    "<Recognition><![CDATA[腾讯微信团队]]></Recognition>",
)
VIDEO = kind(
    "video",
    "<MediaId><![CDATA[media_id]]></MediaId><ThumbMediaId><![CDATA[thumb]]></ThumbMediaId>",
)
SHORT_VIDEO = kind(
    "shortvideo",
    "<MediaId><![CDATA[media_id]]></MediaId><ThumbMediaId><![CDATA[thumb]]></ThumbMediaId>",
)
LOCATION = kind(
    "location",
    "<Location_X>23.134521</Location_X><Location_Y>113.358803</Location_Y><Scale>20</Scale>"
    "<Label><![CDATA[位置信息]]></Label>",
)
LINK = kind(
    "link",
    "<Title><![CDATA[官网链接]]></Title><Description><![CDATA[公众平台官网链接]]></Description>"
    "<Url><![CDATA[https://shop.example/1]]></Url>",
)
SUBSCRIBE = event("subscribe")
UNSUBSCRIBE = event("unsubscribe")
SUBSCRIBE_BY_CODE = event(
    "subscribe",
    "<EventKey><![CDATA[qrscene_123123]]></EventKey><Ticket><![CDATA[TICKET]]></Ticket>",
)
SCAN = event("SCAN", "<EventKey><![CDATA[SCENE_VALUE]]></EventKey><Ticket>T</Ticket>")
POSITION = event(
    "LOCATION",
    "<Latitude>23.137466</Latitude><Longitude>113.352425</Longitude>"
    "<Precision>119.385040</Precision>",
)
CLICK = event("CLICK", "<EventKey><![CDATA[intent:return_request]]></EventKey>")
VIEW = event("VIEW", "<EventKey><![CDATA[www.shop.example]]></EventKey>")
SCANNED = event(
    "scancode_push",
    "<EventKey><![CDATA[6]]></EventKey><ScanCodeInfo><ScanType><![CDATA[qrcode]]></ScanType>"
    "<ScanResult><![CDATA[1]]></ScanResult></ScanCodeInfo>",
)
TEMPLATE_DONE = event("TEMPLATESENDJOBFINISH", "<MsgID>200163836</MsgID><Status>success</Status>")
UNKNOWN = kind("hologram", "<Depth>3</Depth>")

ALL = {
    "text": TEXT,
    "image": IMAGE,
    "voice": VOICE,
    "voice_heard": VOICE_HEARD,
    "video": VIDEO,
    "shortvideo": SHORT_VIDEO,
    "location": LOCATION,
    "link": LINK,
    "subscribe": SUBSCRIBE,
    "subscribe_by_code": SUBSCRIBE_BY_CODE,
    "unsubscribe": UNSUBSCRIBE,
    "scan": SCAN,
    "position": POSITION,
    "click": CLICK,
    "view": VIEW,
    "scancode_push": SCANNED,
    "template_done": TEMPLATE_DONE,
    "unknown": UNKNOWN,
}
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{("&a" + (str(n - 1) if n else "") + ";") * 10}">' for n in range(9))
    + "]><xml>&a8;</xml>"
).encode()
HOSTILE = {
    "empty": b"",
    "no xml": b"hello",
    "json": b'{"a": 1}',
    "nothing in it": b"<xml></xml>",
    "cut short": TEXT[:-9],
    "billion laughs": BOMB,
    "reads a file": b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml>'
    b"<FromUserName>&f;</FromUserName></xml>",
    "calls a server": b'<!DOCTYPE xml SYSTEM "http://127.0.0.1:1/x.dtd"><xml></xml>',
    "NUL": TEXT.replace(b"this is", b"this\x00is"),
    "odd encoding": b'<?xml version="1.0" encoding="utf-7"?><xml></xml>',
    "no such encoding": b'<?xml version="1.0" encoding="klingon"?><xml></xml>',
    "no UTF-8": b"<xml><Content>\xff\xfe\xff</Content></xml>",
    "no sender": TEXT.replace(b"fromUser", b""),
    "no time": TEXT.replace(b"1348831860", b""),
    "time in words": TEXT.replace(b"1348831860", b"today"),
    "huge time": TEXT.replace(b"1348831860", b"9" * 5000 + b"x"),
    "sender too long": TEXT.replace(b"fromUser", b"o" * 65),
    "sender within": TEXT.replace(b"<![CDATA[fromUser]]>", b"<a><b>x</b></a>"),
    "very deep": b"<xml>" + b"<a>" * 20_000 + b"</a>" * 20_000 + b"</xml>",
}
