"""Loaded by schemathesis: Python 3.11 counts how deep it is in a tree for all threads together
(python/cpython#106905), so two workers that parse at once end each other with a SystemError."""

import ast
import threading

PARSE = ast.parse
ONE_AT_A_TIME = threading.RLock()


def parse(*args, **kwargs):
    with ONE_AT_A_TIME:
        return PARSE(*args, **kwargs)


ast.parse = parse
