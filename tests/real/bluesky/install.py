"""Installs the Bluesky server once per lock file: npm packages without scripts, then its native module.

`python -m tests.real.bluesky.install` does it beforehand; what fails then is told by the test that needs it.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tenants import embedded

HERE = Path(__file__).parent
OLDEST_NODE = 20
NPM_SECONDS = 400
COMPILE_SECONDS = 400
NODE_GYP_PLACES = ("node_modules/node-gyp", "lib/node_modules/npm/node_modules/node-gyp", "share/node-gyp")


class Unavailable(Exception):
    """The server cannot run on this machine; the text says why, for people."""


def node_program() -> str:
    """The path of a Node that is new enough, or Unavailable."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        raise Unavailable(f"Node {OLDEST_NODE} or newer and npm are not installed")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=False).stdout
    major = said.strip().lstrip("v").split(".")[0]
    if not major.isdigit() or int(major) < OLDEST_NODE:
        raise Unavailable(f"Node {OLDEST_NODE} or newer is needed, found {said.strip() or 'none'}")
    return node


def installed(home: Path) -> Path:
    """The folder with everything in it. The first call takes minutes, the next ones no time."""
    node = node_program()
    folder = home / f"bluesky-{_fingerprint(node)}"
    with _locked(home / "bluesky.lock"):
        if not (folder / "done").exists():
            _install(node, folder)
    return folder


def _fingerprint(node: str) -> str:
    """Names lock file and Node: a module compiled for one Node does not load in another."""
    version = subprocess.run([node, "--version"], capture_output=True, timeout=30, check=True).stdout
    lock = (HERE / "package-lock.json").read_bytes()
    return hashlib.sha256(lock + version).hexdigest()[:12]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _install(node: str, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, folder / name)
    _run([shutil.which("npm") or "npm", "ci", "--ignore-scripts"], folder, NPM_SECONDS)
    compile_sqlite = [node, str(_node_gyp()), "rebuild", "--release", f"--python={sys.executable}"]
    try:
        _run(compile_sqlite + _headers(node), folder / "node_modules" / "better-sqlite3", COMPILE_SECONDS)
    except Unavailable as reason:
        raise Unavailable(f"better-sqlite3 needs a C++ compiler, make and Node's headers; {reason}") from None
    (folder / "done").touch()


def _node_gyp() -> Path:
    """npm carries node-gyp; where npm itself lies differs from system to system."""
    npm = Path(shutil.which("npm") or "npm").resolve()
    for parent in npm.parents:
        for place in NODE_GYP_PLACES:
            if (script := parent / place / "bin" / "node-gyp.js").exists():
                return script
    raise Unavailable("npm's node-gyp, which compiles better-sqlite3, was not found")


def _headers(node: str) -> list[str]:
    """Node's own headers when they are there; else node-gyp fetches them, which needs the network."""
    for prefix in (Path(node).resolve().parent.parent, Path(node).parent.parent):
        if (prefix / "include" / "node" / "node.h").exists():
            return [f"--nodedir={prefix}"]
    return []


def _run(command: list[str], folder: Path, seconds: int) -> None:
    step = " ".join(Path(part).name for part in command[:3])
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=os.environ
            | {"CI": "true", "CFLAGS": "-O0", "CXXFLAGS": "-O0"},  # compiled in a third of the time
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"“{step}” took longer than {seconds} s") from None
    if done.returncode:
        last_words = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise Unavailable(f"“{step}” failed:\n{last_words}")


if __name__ == "__main__":
    with suppress(Unavailable):
        installed(embedded.home())
