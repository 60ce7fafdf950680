"""The callback's XML, in and out, with document types and entities refused."""

import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.errors import BadInput

# What XML 1.0 has no place for, even escaped.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DEEPEST = 8


class BadXml(BadInput):
    """The body is no XML of WeChat's."""

    code = "wechat_bad_xml"
    status = 400
    message = "内容不是微信的 XML。"


def read(body: bytes) -> Mapping[str, Any]:
    """The fields of a callback; nested ones as mappings. Raises BadXml."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise BadXml(reason=type(error).__name__) from error
    found = _fields(root, 1)
    if not isinstance(found, dict):
        raise BadXml(reason="no fields")
    return found


def write(fields: Mapping[str, str | int]) -> bytes:
    """An answer: numbers bare, texts in CDATA that no text can break out of."""
    inner = "".join(f"<{name}>{_value(value)}</{name}>" for name, value in fields.items())
    return f"<xml>{inner}</xml>".encode()


def _value(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    kept = _FORBIDDEN.sub("", value).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{kept}]]>"


def _fields(element: Element, depth: int) -> Any:
    children = list(element)
    if not children:
        return (element.text or "").strip()
    if depth > _DEEPEST:
        raise BadXml(reason="too deep")
    return {child.tag: _fields(child, depth + 1) for child in children}
