"""Compares what roles may with what they did while the stack tests ran. Called by `cargo xtask test` and `prove`.

An action that a role of template.yaml allows and that no test made it use fails, and so does one that a function
asked for in vain. Both directions: a permission nobody needs is a permission an intruder has.
"""

import argparse
import json
from pathlib import Path

import roles

# Lambda uses these itself, on behalf of the role: to write logs and to poll queues and streams. The emulator does so
# without the role's credentials.
BY_LAMBDA = {
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
}


def main() -> None:
    """Prints one line of figures as JSON; ends in failure, naming what differs, when something does."""
    options = _options()
    allowed = _allowed(options.endpoint)
    lines = [json.loads(line) for line in options.recorded.read_text().splitlines()]
    used = {(line["role"], line["action"]) for line in lines if line["outcome"] == "allowed"}
    refused = {(line["role"], line["action"]) for line in lines if line["outcome"] == "denied"}
    unused = sorted(pair for pair in allowed - used if pair[1] not in BY_LAMBDA)
    in_vain = sorted(pair for pair in refused if pair[0] in {role for role, _ in allowed})
    print(json.dumps({
        "roles": len({role for role, _ in allowed}),
        "allowed": len(allowed),
        "used": len(used & allowed),
        "byLambda": len([pair for pair in allowed - used if pair[1] in BY_LAMBDA]),
        "unused": [f"{role} allows {action}: no test uses it" for role, action in unused],
        "refused": [f"{role} asked for {action} in vain" for role, action in in_vain],
    }))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--recorded", type=Path, required=True, help="what the launcher's recorded_calls wrote")
    return parser.parse_args()


def _allowed(endpoint: str) -> set[tuple[str, str]]:
    """Role and action, for every role of the house."""
    return {
        (role["name"], action)
        for role in roles.of_the_house(endpoint)
        for policy in role["policies"]
        for statement in policy["policy"]["Statement"]
        for action in roles.listed(statement["Action"])
    }


if __name__ == "__main__":
    main()
