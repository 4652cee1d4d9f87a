"""Policy variables such as `${aws:PrincipalTag/tenant_id}` in the resources and conditions of every policy.

A variable without a value makes its statement unmatchable, and a wildcard inside a value is no wildcard: a tenant
named `*` is not every tenant.
"""

import dataclasses
import re

from ministack.core import iam_evaluator

SEAM = "core.iam_evaluator._first_match, _conditions_met"

# Stands where nothing may match: NUL occurs in no ARN, key or tag.
UNMATCHABLE = "\0"
_VARIABLE = re.compile(r"\$\{([^}]*)\}")


def apply() -> None:
    first_match = iam_evaluator._first_match
    conditions_met = iam_evaluator._conditions_met

    def match(ctx, statements, effect):
        return first_match(ctx, [_resolved(statement, ctx) for statement in statements], effect)

    def met(conditions, ctx):
        return conditions_met(_substitute_all(conditions, ctx), ctx)

    iam_evaluator._first_match = match
    iam_evaluator._conditions_met = met


def substitute(text: str, ctx) -> str:
    """Puts the request's values in place of the variables of `text`."""
    if "${" not in text:
        return text
    return _VARIABLE.sub(lambda found: _value(found[1], ctx), text)


def _value(expression: str, ctx) -> str:
    name, _, default = (part.strip() for part in expression.partition(","))
    if name in ("*", "?", "$"):
        # An escaped wildcard is the character itself; as a pattern only `$` can be written here.
        return name if name == "$" else UNMATCHABLE
    value = iam_evaluator._resolve_condition_key(name, ctx)
    if value is None and default:
        value = default.strip("'")
    if not isinstance(value, str):
        return UNMATCHABLE
    return re.sub(r"[*?]", UNMATCHABLE, value)


def _resolved(statement, ctx):
    if not any("${" in resource for resource in (*statement.resources, *statement.not_resources)):
        return statement
    return dataclasses.replace(
        statement,
        resources=[substitute(resource, ctx) for resource in statement.resources],
        not_resources=[substitute(resource, ctx) for resource in statement.not_resources],
    )


def _substitute_all(value, ctx):
    if isinstance(value, str):
        return substitute(value, ctx)
    if isinstance(value, list):
        return [_substitute_all(item, ctx) for item in value]
    if isinstance(value, dict):
        return {key: _substitute_all(item, ctx) for key, item in value.items()}
    return value


def check() -> None:
    statement = iam_evaluator.ParsedStatement(
        sid="", effect="Allow", actions=["s3:GetObject"], resources=["arn:aws:s3:::b/${aws:PrincipalTag/tenant_id}/*"]
    )

    def allowed(tag: str | None, resource: str) -> bool:
        ctx = iam_evaluator.EvalContext(
            principal_arn="arn:aws:sts::000000000000:assumed-role/r/s",
            principal_type="AssumedRole",
            principal_account="000000000000",
            action="s3:GetObject",
            resource_arn=resource,
            region="us-east-1",
            principal_keys={"aws:principaltag/tenant_id": tag} if tag else {},
        )
        return iam_evaluator.evaluate(ctx, [[statement]]).decision == "Allow"

    assert allowed("a", "arn:aws:s3:::b/a/x"), "the own prefix is refused"
    assert not allowed("a", "arn:aws:s3:::b/c/x"), "a foreign prefix is allowed"
    assert not allowed("*", "arn:aws:s3:::b/c/x"), "a wildcard in a tag is a wildcard"
    assert not allowed(None, "arn:aws:s3:::b/${aws:PrincipalTag/tenant_id}/x"), "a missing tag matches"
