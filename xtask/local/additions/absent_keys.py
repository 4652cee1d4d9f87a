"""A context key without values is absent.

AWS: a request without tags has no `aws:TagKeys`, so `Null` finds it missing. For trust policies ministack puts an
empty list there, and a role that takes no tags could never be assumed.
"""

from ministack.core import iam_evaluator

SEAM = "core.iam_evaluator._resolve_condition_key"


def apply() -> None:
    original = iam_evaluator._resolve_condition_key

    def resolve(key, ctx):
        value = original(key, ctx)
        return None if value == [] else value

    iam_evaluator._resolve_condition_key = resolve


def check() -> None:
    untagged = {"Null": {"aws:TagKeys": "true"}}

    def met(tag_keys: list[str]) -> bool:
        ctx = iam_evaluator.EvalContext(
            principal_arn="arn:aws:iam::000000000000:root",
            principal_type="Root",
            principal_account="000000000000",
            action="sts:AssumeRole",
            resource_arn="*",
            region="us-east-1",
            tag_keys=tag_keys,
        )
        return iam_evaluator._conditions_met(untagged, ctx)

    assert met([]), "a request without tags has aws:TagKeys"
    assert not met(["tenant_id"]), "a request with tags has no aws:TagKeys"
