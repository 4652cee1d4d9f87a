"""From the SAM template to plain CloudFormation that the emulator understands. Offline: no AWS call is made.

The template is the only description of what exists. Three things are changed on the way, because the emulator cannot
read them as SAM writes them: the code of a function (its locally built binary), the architecture (this machine's),
and the OpenAPI `Body` of an HTTP API (written out as routes and integrations). Alarms over several metrics are left
out: the emulator refuses metric math, and nobody is called at night by a laptop.
"""

import logging
import os
from pathlib import Path
from typing import Callable

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")

from samtranslator.translator.transform import transform  # noqa: E402 (needs the region)
from samtranslator.yaml_helper import yaml_parse  # noqa: E402

HOST_ARCHITECTURE = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}.get(os.uname().machine, "x86_64")

# The translator reports usage metrics we do not collect.
logging.getLogger("samtranslator").setLevel(logging.ERROR)

# Where a function's code is: given its `Binary`, the bucket and key of its package.
CodeOf = Callable[[str], dict]
# Stores a translated nested template and gives its URL.
Publish = Callable[[dict], str]


def translate(path: Path, code_of: CodeOf, publish: Publish) -> dict:
    """The template at `path` as plain CloudFormation, its nested applications published."""
    template = yaml_parse(path.read_text())
    for logical_id, resource in template.get("Resources", {}).items():
        properties = resource.setdefault("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            _point_at_local_binary(logical_id, resource, code_of)
        elif resource["Type"] == "AWS::Serverless::Application" and _is_file(properties.get("Location")):
            child = translate(path.parent / properties["Location"], code_of, publish)
            properties["Location"] = publish(child)
    translated = transform(template, {}, _NoManagedPolicies())
    _leave_out_metric_math(translated["Resources"])
    _expand_http_apis(translated["Resources"])
    return translated


def parameters_of(template: dict) -> set[str]:
    """The names of a template's parameters."""
    return set(template.get("Parameters", {}))


class _NoManagedPolicies:
    """SAM asks IAM for the ARNs of managed policies by name; our templates name none."""

    def load(self) -> dict:
        return {}


def _is_file(location) -> bool:
    return isinstance(location, str) and "://" not in location


def _point_at_local_binary(logical_id: str, resource: dict, code_of: CodeOf) -> None:
    metadata = resource.pop("Metadata", {})
    binary = metadata.get("BuildProperties", {}).get("Binary")
    if not binary:
        raise SystemExit(f"{logical_id}: Metadata.BuildProperties.Binary is missing (docs/adding-a-route.md)")
    resource["Properties"]["CodeUri"] = code_of(binary)
    resource["Properties"]["Architectures"] = [HOST_ARCHITECTURE]


def _leave_out_metric_math(resources: dict) -> None:
    for logical_id, resource in list(resources.items()):
        if resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in resource["Properties"]:
            del resources[logical_id]


def _expand_http_apis(resources: dict) -> None:
    for logical_id, resource in list(resources.items()):
        if resource["Type"] == "AWS::ApiGatewayV2::Api" and "Body" in resource["Properties"]:
            resources.update(_routes_of(logical_id, resource["Properties"]))


def _routes_of(api: str, properties: dict) -> dict:
    """Takes the OpenAPI body out of an API's properties; returns its routes and integrations as resources."""
    body = properties.pop("Body")
    properties.pop("FailOnWarnings", None)
    properties.setdefault("Name", body.get("info", {}).get("title", api))
    properties["ProtocolType"] = "HTTP"
    if cors := body.get("x-amazon-apigateway-cors"):
        properties["CorsConfiguration"] = {name[0].upper() + name[1:]: value for name, value in cors.items()}
    expanded = {}
    operations = [
        (route_key(method, path), operation["x-amazon-apigateway-integration"])
        for path, methods in body.get("paths", {}).items()
        for method, operation in methods.items()
        if isinstance(operation, dict) and "x-amazon-apigateway-integration" in operation
    ]
    for number, (key, integration) in enumerate(operations):
        expanded[f"{api}Integration{number}"] = _integration(api, integration)
        expanded[f"{api}Route{number}"] = _route(api, key, f"{api}Integration{number}")
    return expanded


def route_key(method: str, path: str) -> str:
    """API Gateway's name of a route: `GET /v1/costs/query`, `ANY /x`, `$default`."""
    if path.lstrip("/") == "$default":
        return "$default"
    return f"{'ANY' if 'any' in method else method.upper()} {path}"


def _integration(api: str, integration: dict) -> dict:
    return {
        "Type": "AWS::ApiGatewayV2::Integration",
        "Properties": {
            "ApiId": {"Ref": api},
            "IntegrationType": "AWS_PROXY",
            "IntegrationUri": integration["uri"],
            "PayloadFormatVersion": integration.get("payloadFormatVersion", "2.0"),
        },
    }


def _route(api: str, key: str, integration: str) -> dict:
    target = {"Fn::Join": ["/", ["integrations", {"Ref": integration}]]}
    return {
        "Type": "AWS::ApiGatewayV2::Route",
        "Properties": {"ApiId": {"Ref": api}, "RouteKey": key, "Target": target},
    }
