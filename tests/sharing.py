"""How the processes of one run (`pytest -n 3`) share the tests.

A test file stays on one process. Suites that share a costly thing (the running product, the Bluesky server)
stay together, and the longest begin first, so that no process is left alone with one at the end.
"""

import pytest

SUITES = {  # in the order in which they begin; a file belongs to the first that its path begins with
    "tests/journeys/test_demo_command.py": "the demo's command",
    "tests/journeys/": "the running product",
    "tests/real/": "the Bluesky server",
}


def suite(nodeid: str) -> str:
    """What the test is kept together with: its suite, else its file."""
    file = nodeid.partition("::")[0]
    return next((name for path, name in SUITES.items() if file.startswith(path)), file)


def place(item: pytest.Item) -> int:
    names = list(SUITES.values())
    name = suite(item.nodeid)
    return names.index(name) if name in names else len(names)


def pytest_collection_modifyitems(config, items):
    if hasattr(config, "workerinput"):
        items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadScopeScheduling

    class Suites(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return suite(nodeid)

    config.option.loadscopereorder = False  # the order of the collection is ours
    return Suites(config, log)
