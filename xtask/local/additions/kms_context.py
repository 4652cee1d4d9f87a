"""KMS condition keys of a request: `kms:SigningAlgorithm`, `kms:MacAlgorithm`, `kms:MessageType`.

ministack gives KMS calls no context, so a policy that fixes the algorithm refuses everything.
"""

import json

from ministack.core import iam_actions

SEAM = "core.iam_actions.request_tag_context (its result is part of the context of every call)"

# Context key: the member of the request it is taken from, and what AWS assumes without it.
_KEYS = {
    "kms:SigningAlgorithm": ("SigningAlgorithm", None),
    "kms:MacAlgorithm": ("MacAlgorithm", None),
    "kms:MessageType": ("MessageType", "RAW"),
}
_OPERATIONS = {"kms:Sign", "kms:Verify", "kms:GenerateMac", "kms:VerifyMac"}


def apply() -> None:
    original = iam_actions.request_tag_context

    def context(service, iam_action, body, params):
        found = original(service, iam_action, body, params)
        return {**found, **_of(body)} if iam_action in _OPERATIONS else found

    iam_actions.request_tag_context = context


def _of(body: bytes) -> dict:
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return {}
    found = {key: request.get(member, default) for key, (member, default) in _KEYS.items()}
    return {key: value for key, value in found.items() if isinstance(value, str)}


def check() -> None:
    import inspect

    from ministack import app

    called = "request_tag_context(service, iam_action, body, routing_params)"
    assert called in inspect.getsource(app._dispatch_service_request), "calls get their context otherwise"
    body = b'{"KeyId": "k", "SigningAlgorithm": "ECDSA_SHA_256", "MessageType": "DIGEST"}'
    context = iam_actions.request_tag_context("kms", "kms:Sign", body, {})
    assert context == {"kms:SigningAlgorithm": "ECDSA_SHA_256", "kms:MessageType": "DIGEST"}, context
