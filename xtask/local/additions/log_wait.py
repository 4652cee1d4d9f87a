"""A shorter wait for the first log line of an invocation.

ministack holds every answer back for up to 50 ms in case the function still prints. Ours log before they answer, so
2 ms are plenty; later lines are delivered with the next invocation.
"""

import inspect

from ministack.core.lambda_runtime import Worker

SEAM = "core.lambda_runtime.Worker._drain_stderr_bounded(first_line_wait)"

FIRST_LINE_WAIT_SECONDS = 0.002


def apply() -> None:
    drain = Worker._drain_stderr_bounded
    assert "first_line_wait" in inspect.signature(drain).parameters, "the wait has another name"

    def drained(self, first_line_wait=FIRST_LINE_WAIT_SECONDS, **kwargs):
        return drain(self, first_line_wait=first_line_wait, **kwargs)

    Worker._drain_stderr_bounded = drained


def check() -> None:
    wait = inspect.signature(Worker._drain_stderr_bounded).parameters["first_line_wait"]
    assert wait.default == FIRST_LINE_WAIT_SECONDS
