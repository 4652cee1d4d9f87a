"""One origin for the web app and its API: what CloudFront is in AWS.

Serves the built web app and passes `/v1` and `/.well-known` on to the emulator's HTTP APIs. Uploads do not come here:
the browser puts them to the presigned URL.
"""

import argparse
import gzip
import http.client
import json
import mimetypes
import sys
import threading
import time
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

API_PATHS = ("/v1", "/.well-known")
# API Gateway's limit on a request body.
MAX_BODY_BYTES = 10 * 1024 * 1024
# The emulator closes idle connections after 75 s; API Gateway gives up on a function after 30 s.
MAX_IDLE_SECONDS = 30
UPSTREAM_TIMEOUT_SECONDS = 35
# Headers that belong to one connection, and so are never passed on.
HOP_BY_HOP = {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
TEXT_TYPES = ("text/", "application/javascript", "application/json", "image/svg+xml")


def main() -> None:
    """Serves until it is stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--site", type=Path, required=True, help="folder of the built web app")
    parser.add_argument("--endpoint-port", type=int, required=True, help="the emulator's port")
    parser.add_argument("--deployment", type=Path, required=True, help="the file deploy.py wrote")
    options = parser.parse_args()
    Handler.site = options.site.resolve()
    Handler.endpoint_port = options.endpoint_port
    Handler.deployment = options.deployment
    Gateway(("127.0.0.1", options.port), Handler).serve_forever()


@lru_cache(maxsize=1)
def _routing_table(deployment: Path, _mtime: int) -> list[tuple[str, str]]:
    """Path prefix and API id, the longest prefix first; read anew after a deployment."""
    apis = json.loads(deployment.read_text())["apis"]
    pairs = [(prefix, api["id"]) for api in apis for prefix in api["prefixes"]]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def _page_headers(endpoint_port: int) -> dict[str, str]:
    """As WebHeaders of template.yaml has them, but for TLS. The emulator is both where files are put and the issuer's token endpoint."""
    return {
        "Content-Security-Policy": "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        f"font-src 'self'; connect-src 'self' http://127.0.0.1:{endpoint_port}; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


class Gateway(ThreadingHTTPServer):
    """A thread for each connection."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address) -> None:
        """A client that goes away is no error."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection. Its upstream connection is kept with it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    site: Path
    endpoint_port: int
    deployment: Path
    _kept = threading.local()

    def handle_any(self) -> None:
        """Answers one request, from the API or from the files."""
        path = self.path.partition("?")[0]
        if any(path == prefix or path.startswith(prefix + "/") for prefix in API_PATHS):
            self._proxy(path)
        elif self.command in ("GET", "HEAD"):
            self._file(path)
        else:
            self._answer(405, {"Allow": "GET, HEAD"}, b"")

    def __getattr__(self, name: str):
        """Every method: what the API has no route for is for its own fallback to refuse."""
        if name.startswith("do_"):
            return self.handle_any
        raise AttributeError(name)

    def log_message(self, *_args) -> None:
        """The emulator logs requests; this process logs failures only."""

    def _proxy(self, path: str) -> None:
        body = self._body()
        if body is None:
            return
        target = f"/_aws/execute-api/{self._api_of(path)}/$default{self.path}"
        try:
            response, content = self._call(target, body)
        except (OSError, http.client.HTTPException) as error:
            self.log_error("%s %s: %s", self.command, path, error)
            self._answer(502, {"Content-Type": "text/plain"}, b"the emulator does not answer\n")
            return
        headers = [
            (name, value)
            for name, value in response.getheaders()
            if name.lower() not in HOP_BY_HOP | {"content-length", "server", "date"}
        ]
        self._answer(response.status, headers, content)

    def _body(self) -> bytes | None:
        """The request's body; None when it was refused."""
        try:
            if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
                return self._chunks()
            length = int(self.headers.get("Content-Length") or 0)
            if length > MAX_BODY_BYTES:
                raise OverflowError
        except OverflowError:
            self._refuse(413, b'{"message":"Request Entity Too Large"}')
        except ValueError:
            self._refuse(400, b'{"message":"Bad Request"}')
        else:
            return self.rfile.read(length) if length else b""
        return None

    def _chunks(self) -> bytes:
        body = bytearray()
        while size := int(self.rfile.readline(64).partition(b";")[0], 16):
            if len(body) + size > MAX_BODY_BYTES:
                raise OverflowError
            body += self.rfile.read(size)
            self.rfile.readline(64)
        while self.rfile.readline(4096).strip():
            pass  # trailers are dropped
        return bytes(body)

    def _refuse(self, status: int, content: bytes) -> None:
        # The body is not read, so the connection cannot be used again.
        self.close_connection = True
        self._answer(status, {"Content-Type": "application/json", "Connection": "close"}, content)

    def _api_of(self, path: str) -> str:
        apis = _routing_table(self.deployment, self.deployment.stat().st_mtime_ns)
        return next(
            api
            for prefix, api in apis
            if prefix == "/" or path == prefix or path.startswith(prefix + "/")
        )

    def _call(self, target: str, body: bytes) -> tuple[http.client.HTTPResponse, bytes]:
        headers = [(name, value) for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP]
        headers.append(("X-Forwarded-For", self.client_address[0]))
        connection = self._upstream()
        try:
            connection.putrequest(self.command, target, skip_host=True, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            connection.endheaders(body or None)
            response = connection.getresponse()
            content = response.read()
        except BaseException:
            connection.close()
            raise
        self._kept.upstream = (connection, time.monotonic())
        return response, content

    def _upstream(self) -> http.client.HTTPConnection:
        """The connection of this thread, or a new one when it was idle long enough to have been closed."""
        kept, used = getattr(self._kept, "upstream", (None, 0.0))
        self._kept.upstream = (None, 0.0)
        if kept is not None and time.monotonic() - used < MAX_IDLE_SECONDS:
            return kept
        return http.client.HTTPConnection("127.0.0.1", self.endpoint_port, timeout=UPSTREAM_TIMEOUT_SECONDS)

    def _file(self, path: str) -> None:
        file = (self.site / path.lstrip("/")).resolve()
        if not file.is_relative_to(self.site):
            self._answer(404, {}, b"")
            return
        if not file.is_file():
            if Path(path).suffix:
                self._answer(404, {"Content-Type": "text/plain"}, b"not found\n")
                return
            file = self.site / "index.html"
        if not file.is_file():
            self._answer(503, {"Content-Type": "text/plain"}, b"the web app is not built: cargo xtask up\n")
            return
        self._send_file(file)

    def _send_file(self, file: Path) -> None:
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        hashed = "assets" in file.parts
        headers = {
            "Content-Type": f"{kind}; charset=utf-8" if kind.startswith(TEXT_TYPES) else kind,
            "Cache-Control": "public, max-age=31536000, immutable" if hashed else "no-cache",
            "Vary": "Accept-Encoding",
            **_page_headers(self.endpoint_port),
        }
        zipped = kind.startswith(TEXT_TYPES) and "gzip" in self.headers.get("Accept-Encoding", "")
        content = _content(file, file.stat().st_mtime_ns, zipped)
        if zipped:
            headers["Content-Encoding"] = "gzip"
        self._answer(200, headers, content)

    def _answer(self, status: int, headers, content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items() if isinstance(headers, dict) else headers:
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD" and status not in (204, 304):
            self.wfile.write(content)


@lru_cache(maxsize=256)
def _content(file: Path, _mtime: int, zipped: bool) -> bytes:
    content = file.read_bytes()
    return gzip.compress(content, 6) if zipped else content


if __name__ == "__main__":
    main()
