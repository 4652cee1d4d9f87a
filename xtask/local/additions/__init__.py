"""What the emulator lacks, one module per addition.

Each module has `SEAM` (the place in ministack it hooks into), `apply()` (installs the addition) and `check()`
(proves it, raising when the seam has moved). Nothing here changes a policy: every addition brings the emulator closer
to AWS, and the template is never made laxer for it.
"""

from . import (
    absent_keys,
    asked_again,
    athena_sql,
    kms_context,
    last_words,
    leading_keys,
    log_wait,
    no_delay,
    one_at_a_time,
    policy_variables,
    principal_arn,
    recorded_calls,
    request_cookies,
    secure_transport,
    ses_sender,
    tag_session,
)

ADDITIONS = (
    # Before those that ask `enforce` twice: each of their questions is recorded.
    recorded_calls,
    principal_arn,
    absent_keys,
    secure_transport,
    policy_variables,
    leading_keys,
    tag_session,
    one_at_a_time,
    asked_again,
    kms_context,
    ses_sender,
    request_cookies,
    log_wait,
    no_delay,
    last_words,
    athena_sql,
)


def install() -> None:
    """Applies and proves every addition; a failure names the seam that moved."""
    for addition in ADDITIONS:
        name = addition.__name__.rsplit(".", 1)[-1]
        try:
            addition.apply()
            addition.check()
        except Exception as error:
            raise SystemExit(
                f"launcher: the addition `{name}` no longer fits this ministack.\n"
                f"  seam:  {addition.SEAM}\n"
                f"  error: {type(error).__name__}: {error}\n"
                f"  Adapt xtask/local/additions/{name}.py, or restore the pin in xtask/local/requirements.txt."
            ) from error
