"""What a function said last, and how it ended, where its process is gone before it answered.

ministack answers `Runtime exited before returning a response` and forgets the exit code. The emulator's log is where
`cargo xtask test` looks when a stack test has failed.
"""

import inspect
import logging

from ministack.core.lambda_runtime import ProvidedWorker

SEAM = "core.lambda_runtime.ProvidedWorker.invoke / _teardown"
INVOKE = ProvidedWorker.invoke

logger = logging.getLogger("last words")


def apply() -> None:
    teardown = ProvidedWorker._teardown

    def torn_down(self):
        self.exit_code = self._proc.poll() if self._proc is not None else None
        teardown(self)

    def invoked(self, *args, **kwargs):
        answer = INVOKE(self, *args, **kwargs)
        payload = answer.get("error_payload")
        if isinstance(payload, dict) and payload.get("errorType") == "Runtime.ExitError":
            words = " | ".join((answer.get("log") or "silently").splitlines())
            logger.warning("%s ended with %s: %s", self.func_name, self.exit_code, words)
        return answer

    ProvidedWorker._teardown = torn_down
    ProvidedWorker.invoke = invoked


def check() -> None:
    source = inspect.getsource(INVOKE)
    assert "Runtime.ExitError" in source and "self._teardown()" in source, "an exit is told otherwise"
