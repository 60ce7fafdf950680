"""A shop's own site on another origin, with one script tag of ours in it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Rules as a careless site has them: none may reach the launcher.
HTML = """<!doctype html><html lang="zh-CN"><head><title>商城</title><style>
* {{ box-sizing: content-box }} button, iframe, span, svg {{ border: 5px solid red; width: 10px; opacity: .2 }}
</style></head><body><h1>商城</h1><p><a href="#">一个链接</a></p><div style="height:2000px"></div>
<script src="{desk}page/embed.js" data-shop="{shop}" async></script></body></html>"""


@contextmanager
def site(desk: str, shop: str = "kids", policy: str = "", name: str = "localhost") -> Iterator[str]:
    """Serve the site; `policy` is its Content-Security-Policy.

    Under the name `localhost` it is another site to the browser, whose private windows give the
    desk's frame no storage there; under `127.0.0.1` it is another origin of the same site.
    """

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            body = HTML.format(desk=desk, shop=shop).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}).start()
    try:
        yield f"http://{name}:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
