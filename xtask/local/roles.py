"""The roles of the deployed template with their policies; run alone, as JSON for `iam/simulate.mjs`."""

import json
import sys

import boto3


def of_the_house(endpoint: str) -> list[dict]:
    """Name, path and inline policies of every role under /outlay/."""
    iam = boto3.client(
        "iam", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )
    found = [role for page in iam.get_paginator("list_roles").paginate() for role in page["Roles"]]
    return [
        {"name": role["RoleName"], "path": role["Path"], "policies": _policies(iam, role["RoleName"])}
        for role in found
        if role["Path"].startswith("/outlay/")
    ]


def listed(value) -> list:
    """A list, also of what stands alone."""
    return value if isinstance(value, list) else [value]


def _policies(iam, role: str) -> list[dict]:
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    return [
        {"name": name, "policy": iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]} for name in names
    ]


if __name__ == "__main__":
    print(json.dumps(of_the_house(sys.argv[1])))
