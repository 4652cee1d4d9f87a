"""Invokes a function of a stack with the event that stdin gives, and prints what it answers. Called by chores of xtask.

Whoever may invoke it decides: the credentials are those of boto3's usual places (environment, profile, role). With an
endpoint it is the local stack, whose root user needs none.
"""

import argparse
import sys

import boto3


def main() -> None:
    """Prints the answer; ends with an error when the function failed."""
    options = _options()
    local = {"aws_access_key_id": "test", "aws_secret_access_key": "test"} if options.endpoint else {}
    client = boto3.client("lambda", endpoint_url=options.endpoint, region_name=options.region, **local)
    answer = client.invoke(FunctionName=options.function, Payload=sys.stdin.read().encode())
    text = answer["Payload"].read().decode()
    if answer.get("FunctionError"):
        sys.exit(f"{options.function} failed: {text}")
    print(text)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--function", required=True)
    parser.add_argument("--region", help="AWS region; boto3's usual one without")
    parser.add_argument("--endpoint", help="of the local stack")
    return parser.parse_args()


if __name__ == "__main__":
    main()
