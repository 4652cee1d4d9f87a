"""What each role asked for, and what came of it: `recorded-calls.jsonl` in the state folder.

A line for each first time that a role was allowed or denied an action. `recorded_use.py` compares it with the policies:
what is allowed and never used, and what is used and not allowed.
"""

import json
import os
import threading
from contextvars import ContextVar
from pathlib import Path

from ministack.core import iam_evaluator

SEAM = "core.iam_evaluator.enforce (what comes of a request) and evaluate (called by it, knows the principal)"

FILE = "recorded-calls.jsonl"

_principal: ContextVar[str] = ContextVar("principal", default="")
_seen: set[tuple[str, str, str]] = set()
_lock = threading.Lock()


def apply() -> None:
    # One request is evaluated several times: the role's policies, then the resource's own. Only the end counts.
    enforce, evaluate = iam_evaluator.enforce, iam_evaluator.evaluate

    def evaluated(ctx, *args, **kwargs):
        _principal.set(ctx.principal_arn)
        return evaluate(ctx, *args, **kwargs)

    def enforced(access_key_id, iam_action, *args, **kwargs):
        token = _principal.set("")
        try:
            denied = enforce(access_key_id, iam_action, *args, **kwargs)
            record(_principal.get(), iam_action, denied is None)
        finally:
            _principal.reset(token)
        return denied

    iam_evaluator.evaluate, iam_evaluator.enforce = evaluated, enforced


def record(principal_arn: str, action: str, allowed: bool) -> None:
    """Notes what the session of a role got, once."""
    if ":assumed-role/" not in principal_arn:
        return
    role = principal_arn.split(":assumed-role/", 1)[1].split("/", 1)[0]
    call = (role, action, "allowed" if allowed else "denied")
    with _lock:
        folder = os.environ.get("STATE_DIR")
        if call in _seen or not folder:
            return
        _seen.add(call)
        with Path(folder, FILE).open("a") as file:
            file.write(json.dumps(dict(zip(("role", "action", "outcome"), call, strict=True))) + "\n")


def check() -> None:
    import inspect

    # Of the module: additions stand before `enforce` itself.
    assert "evaluate(ctx, principal.policies" in inspect.getsource(iam_evaluator), "enforce decides otherwise"
    assert "principal_arn" in set(iam_evaluator.EvalContext.__dataclass_fields__), "the context has other names"
