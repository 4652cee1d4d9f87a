"""Logs and sessions are touched by one thread at a time.

ministack answers requests in one thread and runs functions in others, without locks between them. Each invocation adds
a log stream, each function that starts a session. Where another thread is just looking through them, Python gives up:
the request gets a 500, or every process of the function that was being started is ended.
"""

import asyncio
import functools
import threading

from ministack.services import cloudwatch_logs, lambda_svc, sts

SEAM = (
    "services.cloudwatch_logs.handle_request / get_state; services.lambda_svc._emit_lambda_logs; "
    "services.sts.register_session"
)

LOCK = threading.Lock()


def apply() -> None:
    handle = cloudwatch_logs.handle_request

    async def handled(*request):
        with LOCK:
            return await handle(*request)

    cloudwatch_logs.handle_request = handled
    for module, name in (
        (cloudwatch_logs, "get_state"),
        (lambda_svc, "_emit_lambda_logs"),
        (sts, "register_session"),
    ):
        setattr(module, name, alone(getattr(module, name)))


def alone(function):
    """The function, while no other thread is in one of these."""

    @functools.wraps(function)
    def locked(*args, **kwargs):
        with LOCK:
            return function(*args, **kwargs)

    return locked


def check() -> None:
    log_groups = {"x-amz-target": "Logs_20140328.DescribeLogGroups"}
    calls = {
        "a request": lambda: asyncio.run(cloudwatch_logs.handle_request("POST", "/", log_groups, b"{}", {})),
        "the state": cloudwatch_logs.get_state,
        "an invocation": lambda: lambda_svc._emit_lambda_logs({"FunctionName": "check"}, "id", "", False, 0),
        "a session": lambda: sts.register_session("ASIACHECK", {}),
    }
    for name, call in calls.items():
        thread = threading.Thread(target=call)
        with LOCK:
            thread.start()
            thread.join(0.02)
            assert thread.is_alive(), f"{name} does not wait for its turn"
        thread.join()
    assert "/aws/lambda/check" in cloudwatch_logs._log_groups, "invocations log elsewhere"
    assert "ASIACHECK" in sts._sessions, "sessions are kept elsewhere"
    cloudwatch_logs._log_groups.clear()
    sts._sessions.clear()
