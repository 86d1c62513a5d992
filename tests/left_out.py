"""What a machine cannot run is left out loudly: skipped, and named once more at the end of the run."""

import pytest

REASONS = pytest.StashKey[dict[str, str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[REASONS] = {}


def leave_out(config: pytest.Config, what: str, reason: str) -> None:
    """Skip the test that asks, and say so in the summary."""
    config.stash[REASONS][what] = reason
    pytest.skip(f"LEFT OUT: {what}: {reason}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A process of a shared run tells the one that writes the summary."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash[REASONS]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    node.config.stash[REASONS].update(getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for what, reason in config.stash.get(REASONS, {}).items():
        terminalreporter.write_line(f"LEFT OUT: {what}: {reason}", red=True, bold=True)
