"""Events that reach functions at once.

ministack writes the head and the body of an event one after the other, and the kernel holds the body back until the
function has acknowledged the head, which it does 40 ms later: that was two thirds of each request's time.
"""

import inspect
import socketserver

from ministack.core.lambda_runtime import ProvidedWorker

SEAM = "core.lambda_runtime.ProvidedWorker._build_handler_class"


def apply() -> None:
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True


def check() -> None:
    source = inspect.getsource(ProvidedWorker._build_handler_class)
    assert "http.server.BaseHTTPRequestHandler" in source, "events are served otherwise"
