"""What another thread disturbed is asked again: a request, and the state that is saved.

ministack answers requests in one thread and runs functions, logins and saves in others. Where the one looks through
what another adds to, Python gives up: the caller gets a 500, or a service is missing in what is saved. What is known
to meet often takes turns (`one_at_a_time`); this is for the rest. After a 500 an AWS SDK asks again by itself, so a
change that is begun twice is nothing new.
"""

import asyncio
import inspect
from contextlib import contextmanager

from ministack import app

SEAM = "app.SERVICE_HANDLERS[service](method, path, headers, body, query_params) / app._build_persistence_save_dict"

TIMES = 5


def apply() -> None:
    for service, handler in app.SERVICE_HANDLERS.items():
        app.SERVICE_HANDLERS[service] = answering(handler)
    states = app._build_persistence_save_dict
    app._build_persistence_save_dict = lambda: {name: giving(state) for name, state in states().items()}


def answering(handler):
    """The handler of a service, asked up to five times."""

    async def answered(*request):
        for _ in range(TIMES - 1):
            with disturbances_pardoned():
                return await handler(*request)
        return await handler(*request)

    return answered


def giving(state):
    """The same for what gives the state of a service."""

    def given():
        for _ in range(TIMES - 1):
            with disturbances_pardoned():
                return state()
        return state()

    return given


@contextmanager
def disturbances_pardoned():
    """Ends quietly where something grew or shrank while it was looked through: a dictionary, a set, a deque."""
    try:
        yield
    except RuntimeError as error:
        if "during iteration" not in str(error):
            raise


def check() -> None:
    asked = []

    def look_through() -> int:
        asked.append("once")
        for _ in (streams := {"a": 1}):
            if len(asked) < TIMES:
                streams["b"] = 2
        return len(asked)

    async def handler(*request):
        assert request == ("POST", "/"), "the request is another one"
        return look_through()

    assert asyncio.run(answering(handler)("POST", "/")) == TIMES, "a disturbed request is not asked again"
    asked.clear()
    assert giving(look_through)() == TIMES, "a disturbed state is not asked again"
    source = inspect.getsource(app)
    assert "handler = SERVICE_HANDLERS.get(service)" in source, "requests are handled elsewhere"
    assert "save_all(_build_persistence_save_dict())" in source, "the state is saved otherwise"
