"""What each role asked for, and what came of it: `recorded-calls.jsonl` in the state folder.

A line for each first time that a role was allowed or denied an action. `recorded_use.py` compares it with the policies:
what is allowed and never used, and what is used and not allowed.
"""

import json
import os
import threading
from pathlib import Path

from ministack.core import iam_evaluator

SEAM = "core.iam_evaluator.evaluate (called by enforce for every request of a role's session)"

FILE = "recorded-calls.jsonl"

_seen: set[tuple[str, str, str]] = set()
_lock = threading.Lock()


def apply() -> None:
    evaluate = iam_evaluator.evaluate

    def evaluated(ctx, *args, **kwargs):
        result = evaluate(ctx, *args, **kwargs)
        record(ctx.principal_arn, ctx.action, result.decision)
        return result

    iam_evaluator.evaluate = evaluated


def record(principal_arn: str, action: str, decision: str) -> None:
    """Notes what the session of a role got, once."""
    if ":assumed-role/" not in principal_arn:
        return
    role = principal_arn.split(":assumed-role/", 1)[1].split("/", 1)[0]
    call = (role, action, "allowed" if decision == "Allow" else "denied")
    with _lock:
        folder = os.environ.get("STATE_DIR")
        if call in _seen or not folder:
            return
        _seen.add(call)
        with Path(folder, FILE).open("a") as file:
            file.write(json.dumps(dict(zip(("role", "action", "outcome"), call, strict=True))) + "\n")


def check() -> None:
    import inspect

    # Of the module: other additions stand before `enforce` itself.
    assert "evaluate(ctx, principal.policies" in inspect.getsource(iam_evaluator), "enforce decides otherwise"
    fields = {"principal_arn", "action"}
    assert fields <= set(iam_evaluator.EvalContext.__dataclass_fields__), "the context has other names"
