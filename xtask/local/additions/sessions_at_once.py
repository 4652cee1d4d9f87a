"""Sessions that are taken out side by side.

ministack looks through all of them for expired ones whenever one is added, in whichever thread that is. Where another
thread adds one meanwhile, Python gives up; ministack then ends every process of the function that was being started,
also those that are about to answer. Here a copy is looked through, every few seconds.
"""

import inspect
import time

from ministack.services import sts

SEAM = "services.sts._evict_expired_sessions / _sessions"

EVERY_SECONDS = 5.0

last = 0.0


def apply() -> None:
    assert "_evict_expired_sessions()" in inspect.getsource(sts.register_session), "others are evicted elsewhere"

    def evict() -> None:
        global last
        now = time.time()
        if now - last < EVERY_SECONDS:
            return
        last = now
        # One step of the interpreter: no other thread comes between.
        for key, session in list(sts._sessions.items()):
            if sts._session_expired(session):
                sts._sessions.pop(key, None)

    sts._evict_expired_sessions = evict


def check() -> None:
    sts._sessions["ASIAEXPIRED"] = {"Expiration": 1.0}
    sts.register_session("ASIALIVING", {"Expiration": time.time() + 60})
    assert set(sts._sessions) == {"ASIALIVING"}, "an expired session stays, or a living one is gone"
    sts._sessions.clear()
