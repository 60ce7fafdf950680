"""Where a webhook may point, and the one call to it: never into a private network by accident.

The address that was looked at is the one that is called: a name that resolves anew to another
address (DNS rebinding) changes nothing.
"""

import ipaddress
import socket
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import certifi
import urllib3

from bot.errors import BadInput

TIMEOUT = urllib3.Timeout(connect=2.0, read=5.0)  # seconds
Resolve = Callable[[str, int], list[str]]


class BadTarget(BadInput):
    """The address is none that may be called."""

    code = "bad_target"
    message = "这个地址不能用作回调：要用 https，且不能指向内网。"


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a name; [] where there are none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(entry[4][0]) for entry in found]


def checked(url: str, private: bool, resolve: Resolve = resolved) -> str:
    """The first address to call. Raises BadTarget unless all are public, or `private` is set."""
    host, port = _place(url, private)
    addresses = resolve(host, port)
    if not addresses or not (private or all(_is_public(each) for each in addresses)):
        raise BadTarget(host=host)
    return addresses[0]


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    private: bool,
    resolve: Resolve = resolved,
) -> int:
    """Call the address; the status of its answer, whose body is not read and whose redirects are
    not followed. Raises BadTarget, urllib3.exceptions.HTTPError."""
    address = checked(url, private, resolve)
    parts = urlsplit(url)
    host, port = _place(url, private)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with _pool(parts.scheme, address, host, port) as pool:
        answer = pool.urlopen(
            "POST",
            path,
            body=body,
            headers={**headers, "Host": parts.netloc},
            retries=False,
            redirect=False,
            preload_content=False,
        )
        status: int = answer.status
        answer.close()
    return status


def _pool(scheme: str, address: str, host: str, port: int) -> urllib3.HTTPConnectionPool:
    if scheme == "http":
        return urllib3.HTTPConnectionPool(address, port, timeout=TIMEOUT)
    return urllib3.HTTPSConnectionPool(
        address,
        port,
        timeout=TIMEOUT,
        server_hostname=host,
        assert_hostname=host,
        cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(),
    )


def _place(url: str, private: bool) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadTarget from error
    schemes = ("https", "http") if private else ("https",)
    odd = any(ord(sign) <= 32 or sign == "\\" for sign in url) or len(url) > 512
    if parts.scheme not in schemes or not host or parts.username is not None or odd:
        raise BadTarget
    return host, port or (443 if parts.scheme == "https" else 80)


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (mapped is None or mapped.is_global)
