"""A lean HTTP client: on two cores, what the client burns is taken from those it measures."""

import http.client
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 60.0  # seconds; a turn that takes longer ends the run


class BadAnswer(Exception):
    """An answer that is none: an error is not a fast answer."""


class Connection:
    """One kept-alive connection, used by one shopper at a time."""

    def __init__(self, base: str, headers: Mapping[str, str] | None = None) -> None:
        address = urlsplit(base)
        self._connection = http.client.HTTPConnection(
            address.hostname or "", address.port, timeout=TIMEOUT
        )
        self._headers = {"Content-Type": "application/json", **(headers or {})}

    def get(self, path: str) -> Any:
        """The JSON behind a path. Raises BadAnswer on any status but 2xx."""
        return self._ask("GET", path, None)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """The JSON answer to a JSON body. Raises BadAnswer on any status but 2xx."""
        return self._ask("POST", path, json.dumps(body).encode())

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None) -> Any:
        self._connection.request(method, path, body, self._headers)
        response = self._connection.getresponse()
        content = response.read()
        if response.status // 100 != 2:
            raise BadAnswer(f"{method} {path}: {response.status} {content[:300]!r}")
        return json.loads(content)
