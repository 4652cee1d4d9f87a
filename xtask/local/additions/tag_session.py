"""AssumeRole with tags also needs `sts:TagSession` in the caller's own policies.

Our trust policies name the account as principal, which delegates the decision to the caller's identity policy, for
both actions. ministack asks the identity policy for `sts:AssumeRole` only.
"""

from ministack.core import iam_evaluator

SEAM = "core.iam_evaluator.enforce (the service context of sts:AssumeRole carries aws:TagKeys)"


def apply() -> None:
    enforce = iam_evaluator.enforce

    def enforced(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
        denied = enforce(access_key_id, iam_action, service, region, resource_arn, service_context)
        if denied is None and iam_action == "sts:AssumeRole" and _has_tags(service_context):
            return enforce(access_key_id, "sts:TagSession", service, region, resource_arn, service_context)
        return denied

    iam_evaluator.enforce = enforced


def _has_tags(context: dict | None) -> bool:
    return any(key.lower() == "aws:tagkeys" and value for key, value in (context or {}).items())


def check() -> None:
    from ministack.core import iam_actions

    form = {"Tags.member.1.Key": ["tenant_id"], "Tags.member.1.Value": ["a"]}
    context = iam_actions.request_tag_context("sts", "sts:AssumeRole", b"", form)
    assert _has_tags(context), f"AssumeRole's tags are not in the context: {context}"
