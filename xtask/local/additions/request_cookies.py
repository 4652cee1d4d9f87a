"""The `cookies` array of an HTTP API event (payload 2.0).

API Gateway moves the Cookie header into an array; ministack leaves it a header.
"""

from ministack.services import lambda_svc

SEAM = "services.lambda_svc._execute_function_with_config_scope(record, event)"


def apply() -> None:
    execute = lambda_svc._execute_function_with_config_scope

    def executed(record, event, *args, **kwargs):
        return execute(record, with_cookies(event), *args, **kwargs)

    lambda_svc._execute_function_with_config_scope = executed


def with_cookies(event):
    """The event as API Gateway sends it; anything but a payload 2.0 event is left alone."""
    if not isinstance(event, dict) or event.get("version") != "2.0" or "http" not in event.get("requestContext", {}):
        return event
    headers = dict(event.get("headers") or {})
    cookie = headers.pop("cookie", None)
    if cookie is None:
        return event
    return {**event, "headers": headers, "cookies": [part.strip() for part in cookie.split(";") if part.strip()]}


def check() -> None:
    import inspect

    from ministack.services import apigateway

    source = inspect.getsource(apigateway._invoke_lambda_proxy)
    assert "lambda_svc._execute_function_with_config_scope, exec_record, event" in source, "HTTP APIs invoke otherwise"
    event = {"version": "2.0", "requestContext": {"http": {}}, "headers": {"cookie": "a=1; b=2", "x": "y"}}
    assert with_cookies(event)["cookies"] == ["a=1", "b=2"]
    assert with_cookies({"Records": []}) == {"Records": []}
