"""Starts ministack with the additions of this folder. Its settings come from the environment (xtask/src/stack.rs)."""

import resource
import signal
import threading

import additions


def main() -> None:
    """Installs the additions, then serves until SIGTERM; SIGUSR1 saves the state without stopping."""
    # A hundred functions, each with sockets and pipes of its own.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    additions.install()
    from ministack import app

    signal.signal(signal.SIGUSR1, lambda *_: threading.Thread(target=save, args=(app,)).start())
    app.main()


def save(app) -> None:
    """Writes the state to STATE_DIR, as a clean stop would."""
    app.save_all(app._build_persistence_save_dict())


if __name__ == "__main__":
    main()
