"""`aws:PrincipalArn` of a role session is the ARN of the role, with its path.

AWS: "for assumed roles, the request context contains the ARN of the role that was assumed". ministack puts the
session's ARN (`arn:aws:sts::...:assumed-role/...`) there, so a trust policy that names a role path never matches.
"""

from ministack.core import iam_evaluator

SEAM = "core.iam_evaluator._resolve_condition_key"


def apply() -> None:
    original = iam_evaluator._resolve_condition_key

    def resolve(key, ctx):
        if key.lower() == "aws:principalarn":
            return role_arn(ctx.principal_arn) or ctx.principal_arn
        return original(key, ctx)

    iam_evaluator._resolve_condition_key = resolve


def role_arn(session_arn: str) -> str | None:
    """The ARN, path included, of the role behind a session ARN; None when it is not a known role's session."""
    if ":assumed-role/" not in session_arn:
        return None
    from ministack.services import iam

    account = session_arn.split(":")[4]
    name = session_arn.split(":assumed-role/", 1)[1].split("/", 1)[0]
    role = iam._roles.get_scoped(account, None, name)
    return role["Arn"] if role else None


def check() -> None:
    from ministack.services import iam

    account, name = "000000000000", "outlay-selfcheck"
    arn = f"arn:aws:iam::{account}:role/some/path/{name}"
    iam._roles[name] = {"Arn": arn}
    try:
        ctx = iam_evaluator.EvalContext(
            principal_arn=f"arn:aws:sts::{account}:assumed-role/{name}/session",
            principal_type="AssumedRole",
            principal_account=account,
            action="sts:AssumeRole",
            resource_arn="*",
            region="us-east-1",
        )
        condition = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{account}:role/some/path/*"}}
        assert iam_evaluator._conditions_met(condition, ctx), "the role's ARN is not what conditions see"
    finally:
        del iam._roles[name]
