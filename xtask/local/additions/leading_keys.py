"""`dynamodb:LeadingKeys`: the partition keys a request names, of the table or of the index it reads.

The key is present for item calls, queries, batches and transactions; a scan or a PartiQL statement names none, and
the `Null` guard of our policies refuses those. Each item of a transaction is checked with its own key, because AWS
authorises it as the single call it performs.
"""

import json
import re

from ministack.core import iam_actions, iam_evaluator

SEAM = "core.iam_actions.dynamodb_service_context, dynamodb_transaction_checks; core.iam_evaluator.enforce"

CONTEXT_KEY = "dynamodb:LeadingKeys"
_EQUALITY = re.compile(r"([#\w.]+)\s*=\s*(:\w+)|(:\w+)\s*=\s*([#\w.]+)")


class _ItemArn(str):
    """A table ARN that remembers the leading key of the transaction item it was made for."""

    leading_key: str | None = None


def apply() -> None:
    service_context = iam_actions.dynamodb_service_context
    transaction_checks = iam_actions.dynamodb_transaction_checks
    enforce = iam_evaluator.enforce

    def context(body):
        found = service_context(body)
        if keys := leading_keys(_parsed(body)):
            found[CONTEXT_KEY] = keys
        return found

    def checks(action, body, region, account):
        items = _transaction_items(_parsed(body))
        pairs = transaction_checks(action, body, region, account)
        if len(items) != len(pairs):
            return pairs
        return [(name, _item_arn(arn, detail)) for (name, arn), detail in zip(pairs, items, strict=True)]

    def enforced(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
        if isinstance(resource_arn, _ItemArn):
            service_context = {k: v for k, v in (service_context or {}).items() if k != CONTEXT_KEY}
            if resource_arn.leading_key is not None:
                service_context[CONTEXT_KEY] = [resource_arn.leading_key]
        return enforce(access_key_id, iam_action, service, region, resource_arn, service_context)

    iam_actions.dynamodb_service_context = context
    iam_actions.dynamodb_transaction_checks = checks
    iam_evaluator.enforce = enforced


def leading_keys(request: dict) -> list[str]:
    """Every partition key value the request names; [] when it names none."""
    keys = [_item_key(request)]
    if "KeyConditionExpression" in request or "KeyConditions" in request:
        keys.append(_query_key(request))
    keys += _batch_keys(request.get("RequestItems"))
    keys += [_item_key(detail) for detail in _transaction_items(request)]
    return [key for key in keys if key is not None]


def _parsed(body) -> dict:
    try:
        request = json.loads(body or b"{}")
    except (ValueError, TypeError):
        return {}
    return request if isinstance(request, dict) else {}


def _item_key(detail: dict) -> str | None:
    return _member(detail.get("TableName"), detail.get("Key") or detail.get("Item"))


def _query_key(request: dict) -> str | None:
    hash_key = _hash_key(request.get("TableName"), request.get("IndexName"))
    legacy = (request.get("KeyConditions") or {}).get(hash_key)
    if isinstance(legacy, dict) and legacy.get("ComparisonOperator") == "EQ":
        return _scalar((legacy.get("AttributeValueList") or [None])[0])
    names = request.get("ExpressionAttributeNames") or {}
    values = request.get("ExpressionAttributeValues") or {}
    for name, value, value_first, name_last in _EQUALITY.findall(request.get("KeyConditionExpression") or ""):
        attribute = name or name_last
        if names.get(attribute, attribute) == hash_key:
            return _scalar(values.get(value or value_first))
    return None


def _batch_keys(request_items) -> list[str | None]:
    keys = []
    for table, requests in (request_items or {}).items():
        if isinstance(requests, dict):
            keys += [_member(table, key) for key in requests.get("Keys") or []]
            continue
        for request in requests:
            put, delete = request.get("PutRequest") or {}, request.get("DeleteRequest") or {}
            keys.append(_member(table, put.get("Item") or delete.get("Key")))
    return keys


def _transaction_items(request: dict) -> list[dict]:
    members = iam_actions._DYNAMODB_TRANSACT_ITEM_ACTIONS
    items = request.get("TransactItems")
    return [
        item[member]
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, dict)
        for member in members
        if isinstance(item.get(member), dict) and item[member].get("TableName")
    ]


def _item_arn(arn: str, detail: dict) -> _ItemArn:
    marked = _ItemArn(arn)
    marked.leading_key = _item_key(detail)
    return marked


def _member(table, item) -> str | None:
    hash_key = _hash_key(table)
    if not hash_key or not isinstance(item, dict) or hash_key not in item:
        return None
    return _scalar(item[hash_key])


def _hash_key(table, index: str | None = None) -> str | None:
    from ministack.services import dynamodb

    found = dynamodb._tables.get(table.rsplit("/", 1)[-1]) if isinstance(table, str) else None
    if not found:
        return None
    if not index:
        return found["pk_name"]
    for candidate in found.get("GlobalSecondaryIndexes") or []:
        if candidate["IndexName"] == index:
            return next(key["AttributeName"] for key in candidate["KeySchema"] if key["KeyType"] == "HASH")
    return None


def _scalar(value) -> str | None:
    """The text of an attribute value such as {"S": "TENANT#a"}."""
    if isinstance(value, dict) and len(value) == 1:
        return str(next(iter(value.values())))
    return None


def check() -> None:
    from ministack.services import dynamodb

    table = "outlay-selfcheck"
    index = {"IndexName": "gsi1", "KeySchema": [{"AttributeName": "gsi1pk", "KeyType": "HASH"}]}
    dynamodb._tables[table] = {"pk_name": "pk", "GlobalSecondaryIndexes": [index]}
    own, text = {"S": "TENANT#a"}, {"TableName": table}
    query = {**text, "KeyConditionExpression": "#p = :p AND sk > :s", "ExpressionAttributeNames": {"#p": "pk"}}
    cases = [
        ({**text, "Key": {"pk": own}}, ["TENANT#a"]),
        ({**text, "Item": {"pk": own, "sk": {"S": "x"}}}, ["TENANT#a"]),
        ({**query, "ExpressionAttributeValues": {":p": own}}, ["TENANT#a"]),
        ({**text, "IndexName": "gsi1", "KeyConditionExpression": ":p=gsi1pk", "ExpressionAttributeValues": {":p": own}},
         ["TENANT#a"]),
        ({"RequestItems": {table: {"Keys": [{"pk": own}, {"pk": {"S": "TENANT#b"}}]}}}, ["TENANT#a", "TENANT#b"]),
        ({"RequestItems": {table: [{"PutRequest": {"Item": {"pk": own}}}]}}, ["TENANT#a"]),
        ({"TransactItems": [{"Put": {**text, "Item": {"pk": own}}}]}, ["TENANT#a"]),
        (text, None),
    ]
    try:
        for request, expected in cases:
            found = iam_actions.dynamodb_service_context(json.dumps(request).encode()).get(CONTEXT_KEY)
            assert found == expected, f"{request} gave {found}, not {expected}"
        body = json.dumps({"TransactItems": [{"Put": {**text, "Item": {"pk": own}}}]}).encode()
        [(_, arn)] = iam_actions.dynamodb_transaction_checks("dynamodb:TransactWriteItems", body, "us-east-1", "0" * 12)
        assert arn.leading_key == "TENANT#a", "a transaction item lost its own key"
    finally:
        del dynamodb._tables[table]
