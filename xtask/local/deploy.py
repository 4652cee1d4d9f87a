"""Deploys template.yaml to the running emulator and writes down what came out. Called by `cargo xtask`.

Nothing happens when the stack already stands as the template, the parameters and the binaries say: their digest is a
tag on the stack, so it lives and dies with the emulator's state.
"""

import argparse
import hashlib
import io
import json
import os
import shutil
import time
import zipfile
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

import sam

STACK = "outlay"
ARTIFACTS = "outlay-local-artifacts"
DIGEST_TAG = "outlay:digest"
REGION = "us-east-1"
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]


def main() -> None:
    """Deploys, or finds that nothing changed, and writes the deployment file."""
    options = _options()
    emulator = Emulator(options.endpoint)
    artifacts = Artifacts(emulator.client("s3"), options.endpoint, options.binaries, options.packages)
    template = sam.translate(options.template, artifacts.code_of, artifacts.publish)
    outside = identity_provider(emulator.client("cognito-idp"), options.endpoint, options.web)
    parameters = _chosen_parameters(template, {**outside["parameters"], **json.loads(options.parameters)})
    body = json.dumps(template, sort_keys=True)
    digest = hashlib.sha256((body + json.dumps(parameters, sort_keys=True)).encode()).hexdigest()
    stack = Stack(emulator.client("cloudformation"))
    changed = stack.digest() != digest
    if changed:
        stack.deploy(artifacts.store(body), parameters, digest)
    lock_buckets(emulator.client("s3"), template, parameters, stack.buckets())
    verify_sender(emulator.client("sesv2"), parameters.get("MailFrom"))
    artifacts.sweep()
    deployment = stack.describe(emulator.client("apigatewayv2"))
    _write(options.out, {**deployment, "identityProvider": outside["description"]})
    print("deployed" if changed else "unchanged")


def lock_buckets(s3, template: dict, parameters: dict, buckets: dict[str, str]) -> None:
    """Locks the objects of buckets as the template says: the emulator's CloudFormation leaves that out."""

    def value(given):
        name = given["Ref"] if isinstance(given, dict) else None
        return given if name is None else parameters.get(name, template["Parameters"][name].get("Default"))

    for name, resource in template["Resources"].items():
        lock = resource.get("Properties", {}).get("ObjectLockConfiguration")
        if lock and name in buckets:
            kept = lock["Rule"]["DefaultRetention"]
            rule = {"DefaultRetention": {"Mode": value(kept["Mode"]), "Days": int(value(kept["Days"]))}}
            s3.put_object_lock_configuration(
                Bucket=buckets[name],
                ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule},
            )


def _write(path: Path, deployment: dict) -> None:
    # Renamed into place: the gateway reads it while it runs.
    half = path.with_suffix(".tmp")
    half.write_text(json.dumps(deployment, indent=2) + "\n")
    half.replace(path)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--template", type=Path, required=True)
    parser.add_argument("--binaries", type=Path, required=True, help="folder with the built function binaries")
    parser.add_argument("--packages", type=Path, required=True, help="folder that keeps the deployed binaries")
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--web", required=True, help="origin of the web app")
    parser.add_argument("--parameters", default="{}", help="JSON object: parameter overrides")
    parser.add_argument("--out", type=Path, required=True, help="the deployment file to write")
    return parser.parse_args()


def _chosen_parameters(template: dict, overrides: dict) -> dict:
    if unknown := set(overrides) - sam.parameters_of(template):
        raise SystemExit(f"xtask/local/parameters.json names parameters that template.yaml lacks: {sorted(unknown)}")
    return {name: str(value) for name, value in overrides.items()}


def verify_sender(ses, address: str | None) -> None:
    """What an operator does once by hand in an AWS account: proves to SES that the sender is theirs."""
    if not address:
        return
    try:
        ses.create_email_identity(EmailIdentity=address)
    except ses.exceptions.AlreadyExistsException:
        pass


def identity_provider(cognito, endpoint: str, web: str) -> dict:
    """What an operator brings along: a user pool whose people sign in from outside, and our client of it."""
    name, callback = "outlay-people", f"{web}/sign-in/callback"
    pools = cognito.list_user_pools(MaxResults=60)["UserPools"]
    pool = next((pool["Id"] for pool in pools if pool["Name"] == name), None)
    if pool is None:
        pool = cognito.create_user_pool(PoolName=name, UsernameAttributes=["email"])["UserPool"]["Id"]
    clients = cognito.list_user_pool_clients(UserPoolId=pool, MaxResults=60)["UserPoolClients"]
    client = next((client["ClientId"] for client in clients if client["ClientName"] == name), None)
    settings = {
        "UserPoolId": pool,
        "ClientName": name,
        "CallbackURLs": [callback],
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthScopes": ["openid", "email", "profile"],
        "SupportedIdentityProviders": ["COGNITO"],
    }
    if client is None:
        client = cognito.create_user_pool_client(**settings)["UserPoolClient"]["ClientId"]
    else:
        # The web app may have another port than the last time.
        cognito.update_user_pool_client(ClientId=client, **settings)
    return {
        "parameters": {
            "OidcIssuer": f"https://cognito-idp.{REGION}.amazonaws.com/{pool}",
            "OidcClientId": client,
            "OidcJwksUri": f"{endpoint}/{pool}/.well-known/jwks.json",
            "OidcAuthorizationEndpoint": f"{endpoint}/oauth2/authorize",
            "OidcTokenEndpoint": f"{endpoint}/oauth2/token",
        },
        "description": {"poolId": pool, "clientId": client, "callback": callback},
    }


class Emulator:
    """Clients of the emulator, as the account's root."""

    def __init__(self, endpoint: str):
        self.endpoint = endpoint

    def client(self, service: str):
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"max_attempts": 2}, s3={"addressing_style": "path"}),
        )


class Artifacts:
    """The bucket of code packages and templates; what `sam deploy` would upload.

    A package is a two-line `bootstrap` that executes the binary kept in the packages folder under a name that changes
    whenever the binary does: nothing of 20 MB travels through the emulator, and only changed functions change.
    """

    def __init__(self, s3, endpoint: str, binaries: Path, packages: Path):
        self._s3, self._endpoint, self._binaries, self._packages = s3, endpoint, binaries, packages
        self._kept: set[str] = set()
        packages.mkdir(parents=True, exist_ok=True)
        try:
            s3.head_bucket(Bucket=ARTIFACTS)
        except ClientError:
            s3.create_bucket(Bucket=ARTIFACTS)
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=ARTIFACTS)
        self._present = {item["Key"] for page in pages for item in page.get("Contents", [])}

    def code_of(self, binary: str) -> dict:
        """Keeps the binary aside and uploads its package; gives the package's place."""
        kept = self._keep(binary)
        script = f"#!/bin/sh\nexec '{kept}'\n".encode()
        key = f"code/{binary}/{hashlib.sha256(script).hexdigest()[:32]}.zip"
        self._upload(key, lambda: _package(script))
        return {"Bucket": ARTIFACTS, "Key": key}

    def publish(self, template: dict) -> str:
        """Uploads a translated nested template; gives its URL."""
        return self.store(json.dumps(template, sort_keys=True))

    def store(self, body: str) -> str:
        """Uploads a template; gives its URL."""
        key = f"templates/{hashlib.sha256(body.encode()).hexdigest()[:32]}.json"
        self._upload(key, lambda: body.encode())
        # The emulator reads the path only; a fixed host keeps the URL, and so the digest, free of the port.
        return f"http://127.0.0.1/{ARTIFACTS}/{key}"

    def sweep(self) -> None:
        """Removes kept binaries that no function uses any more; running ones keep their open file."""
        for file in self._packages.iterdir():
            if file.name not in self._kept:
                file.unlink()

    def _keep(self, binary: str) -> Path:
        built = self._binaries / binary
        if not built.exists():
            raise SystemExit(f"template.yaml names the binary `{binary}`, which was not built: is there a [[bin]]?")
        status = built.stat()
        kept = self._packages.resolve() / f"{binary}-{status.st_mtime_ns:x}-{status.st_size:x}"
        self._kept.add(kept.name)
        if not kept.exists():
            _link_or_copy(built, kept)
        return kept

    def _upload(self, key: str, content) -> None:
        if key not in self._present:
            self._s3.put_object(Bucket=ARTIFACTS, Key=key, Body=content())
            self._present.add(key)


def _link_or_copy(source: Path, target: Path) -> None:
    # cargo writes a new file when it links anew, so a hard link keeps what was built at this moment.
    try:
        os.link(source.resolve(), target)
    except OSError:
        shutil.copy2(source, target)


def _package(script: bytes) -> bytes:
    """A zip whose bytes depend on the script alone."""
    packed = io.BytesIO()
    entry = zipfile.ZipInfo("bootstrap", date_time=(1980, 1, 1, 0, 0, 0))
    entry.external_attr = 0o755 << 16
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(entry, script)
    return packed.getvalue()


class Stack:
    """The CloudFormation stack of the house."""

    def __init__(self, cloudformation):
        self._api = cloudformation

    def digest(self) -> str | None:
        """What the standing stack was made of; None when it does not stand whole."""
        stack = self._find()
        if stack is None or stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            return None
        return next((tag["Value"] for tag in stack.get("Tags", []) if tag["Key"] == DIGEST_TAG), None)

    def deploy(self, template_url: str, parameters: dict, digest: str) -> None:
        """Creates or updates the stack and waits; ends the program, naming what failed, when it fails."""
        stack = self._find()
        if stack is not None and stack["StackStatus"] in ("ROLLBACK_COMPLETE", "CREATE_FAILED", "DELETE_FAILED"):
            self._api.delete_stack(StackName=STACK)
            self._settled()
            stack = None
        act = self._api.create_stack if stack is None else self._api.update_stack
        try:
            act(
                StackName=STACK,
                TemplateURL=template_url,
                Capabilities=CAPABILITIES,
                Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
                Tags=[{"Key": DIGEST_TAG, "Value": digest}],
            )
        except ClientError as error:
            raise SystemExit(f"CloudFormation refused the template: {error}") from error
        status = self._settled()
        if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            raise SystemExit(f"the stack ended in {status}:\n" + "\n".join(self._failures()))

    def buckets(self) -> dict[str, str]:
        """The names of the stack's buckets, by what the template calls them."""
        found = self._resources(STACK)
        return {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in found if r["ResourceType"] == "AWS::S3::Bucket"}

    def describe(self, api_gateway) -> dict:
        """The deployment file: outputs, bucket, table, and which API answers which paths."""
        stacks = [self._find(), *self._children()]
        resources = [self._resources(stack["StackName"]) for stack in stacks]
        outputs = {item["OutputKey"]: item["OutputValue"] for item in stacks[0].get("Outputs", [])}
        return {
            "bucket": outputs["BucketName"],
            "tableName": outputs["TableName"],
            "outputs": outputs,
            "apis": [
                {"id": api, "prefixes": ["/"] if number == 0 else _prefixes(api_gateway, api)}
                for number, found in enumerate(resources)
                for api in _all(found, "AWS::ApiGatewayV2::Api")
            ],
        }

    def _find(self, name: str = STACK) -> dict | None:
        try:
            [stack] = self._api.describe_stacks(StackName=name)["Stacks"]
        except ClientError:
            return None
        return None if stack["StackStatus"] == "DELETE_COMPLETE" else stack

    def _children(self) -> list[dict]:
        children = _all(self._resources(STACK), "AWS::CloudFormation::Stack")
        return [stack for child in children if (stack := self._find(child))]

    def _resources(self, stack: str) -> list[dict]:
        pages = self._api.get_paginator("list_stack_resources").paginate(StackName=stack)
        return [resource for page in pages for resource in page["StackResourceSummaries"]]

    def _settled(self) -> str:
        while True:
            stack = self._find()
            if stack is None:
                return "DELETE_COMPLETE"
            if not stack["StackStatus"].endswith("_IN_PROGRESS"):
                return stack["StackStatus"]
            time.sleep(0.1)

    def _failures(self) -> list[str]:
        stacks = [STACK, *(stack["StackName"] for stack in self._children())]
        return [
            f"  {event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason', '')}"
            for stack in stacks
            for event in reversed(self._api.describe_stack_events(StackName=stack)["StackEvents"])
            if event["ResourceStatus"].endswith("_FAILED")
        ]


def _all(resources: list[dict], kind: str) -> list[str]:
    return [found["PhysicalResourceId"] for found in resources if found["ResourceType"] == kind]



def _prefixes(api_gateway, api: str) -> list[str]:
    """The paths of a wing: the first two segments of each of its routes, such as /v1/inquiries."""
    keys = [route["RouteKey"] for route in api_gateway.get_routes(ApiId=api)["Items"]]
    paths = [key.split(" ", 1)[1] for key in keys if " " in key]
    return sorted({"/".join(path.split("/")[:3]) for path in paths})


if __name__ == "__main__":
    main()
