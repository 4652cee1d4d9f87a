"""SES: sending is authorised on the sender's identity, with `ses:FromAddress` and `ses:Recipients` as context.

ministack asks for `ses:SendEmail` on `*` and gives no context, so a policy that names the sender refuses everything.
"""

import json
from email.utils import parseaddr

from ministack.core import iam_actions, iam_evaluator

SEAM = "core.iam_actions._ses_v2_resource_arn; core.iam_evaluator.enforce"

SEND_PATH = "/v2/email/outbound-emails"


class _SenderArn(str):
    """An identity ARN that remembers the mail it was made for."""

    context: dict = {}


def apply() -> None:
    resource_arn = iam_actions._ses_v2_resource_arn
    enforce = iam_evaluator.enforce

    def resource(method, path, body, region, account_id):
        if method == "POST" and path.rstrip("/") == SEND_PATH:
            return _sender(body, region, account_id)
        return resource_arn(method, path, body, region, account_id)

    def enforced(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
        if isinstance(resource_arn, _SenderArn):
            service_context = {**(service_context or {}), **resource_arn.context}
        return enforce(access_key_id, iam_action, service, region, resource_arn, service_context)

    iam_actions._ses_v2_resource_arn = resource
    iam_evaluator.enforce = enforced


def _sender(body: bytes, region: str, account_id: str) -> str:
    try:
        mail = json.loads(body or b"{}")
    except ValueError:
        return "*"
    _, address = parseaddr(mail.get("FromEmailAddress") or "")
    if not address:
        return "*"
    recipients = [parseaddr(to)[1] for group in (mail.get("Destination") or {}).values() for to in group or []]
    arn = _SenderArn(f"arn:aws:ses:{region}:{account_id}:identity/{address}")
    arn.context = {"ses:FromAddress": address, **({"ses:Recipients": recipients} if recipients else {})}
    return arn


def check() -> None:
    body = json.dumps({"FromEmailAddress": "Outlay <a@b.example>", "Destination": {"ToAddresses": ["c@d"]}}).encode()
    arn = iam_actions.extract_resource_arn("ses", "POST", SEND_PATH, {}, body, {}, "us-east-1", "000000000000")
    assert arn == "arn:aws:ses:us-east-1:000000000000:identity/a@b.example", arn
    assert arn.context == {"ses:FromAddress": "a@b.example", "ses:Recipients": ["c@d"]}, arn.context
