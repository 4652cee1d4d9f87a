"""`aws:SecureTransport` is true: the loopback stands for TLS.

The emulator listens on 127.0.0.1 without TLS, and our bucket refuses plain HTTP. What is left untested here is that one
condition; the contract tests hold it in the template.
"""

from ministack.core import iam_evaluator

SEAM = "core.iam_evaluator._resolve_condition_key"


def apply() -> None:
    original = iam_evaluator._resolve_condition_key

    def resolve(key, ctx):
        return "true" if key.lower() == "aws:securetransport" else original(key, ctx)

    iam_evaluator._resolve_condition_key = resolve


def check() -> None:
    ctx = iam_evaluator.EvalContext(
        principal_arn="arn:aws:iam::000000000000:root",
        principal_type="Root",
        principal_account="000000000000",
        action="s3:PutObject",
        resource_arn="*",
        region="us-east-1",
        secure_transport=False,
    )
    assert not iam_evaluator._conditions_met({"Bool": {"aws:SecureTransport": "false"}}, ctx), "plain HTTP is seen"
