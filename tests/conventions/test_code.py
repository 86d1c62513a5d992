"""The house rules about code, as checks: imports, sizes, one door each, nothing of this machine."""

import ast
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest
from lucide import IconDoesNotExist
from lucide.templatetags.lucide import lucide

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("tenants", "agency", "responses", "api")
MODULES = sorted(
    path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts
)
ALLOWED_OVER_300 = set()  # a module over 300 lines needs a reason here


def functions(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node):
    """Lines of a function without its docstring."""
    first = node.body[0]
    is_doc = isinstance(first, ast.Expr) and isinstance(getattr(first, "value", None), ast.Constant)
    doc = (first.end_lineno - first.lineno + 1) if is_doc else 0
    return node.end_lineno - node.lineno + 1 - doc


def test_imports_go_one_way_only():
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_functions_are_short():
    lengths = [length(node) for path in MODULES for node in functions(path)]
    over = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name} {length(node)}"
        for path in MODULES
        for node in functions(path)
        if length(node) > 40
    ]
    assert not over
    assert statistics.median(lengths) < 10
    assert sum(size > 30 for size in lengths) <= len(lengths) * 0.02


def test_modules_are_short():
    over = {str(p.relative_to(ROOT)) for p in MODULES if p.read_text().count("\n") > 300}
    assert over <= ALLOWED_OVER_300


def test_no_drawers():
    names = {path.name for path in MODULES}
    assert not names & {"utils.py", "helpers.py", "services.py", "common.py", "misc.py"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_schema_is_entered_by_one_door(path):
    """`with tenant:` and the schema decorators leak between threads; context.py alone is the door."""
    where = str(path.relative_to(ROOT))
    tree = ast.parse(path.read_text())
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    imported = {a.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for a in node.names}
    if where != "tenants/context.py":
        assert not names & {"set_tenant", "set_schema", "set_schema_to_public"}
    assert not imported & {"schema_context", "tenant_context"}
    for node in ast.walk(tree):
        if isinstance(node, ast.With):
            for item in node.items:
                assert not (
                    isinstance(item.context_expr, ast.Name) and item.context_expr.id in {"tenant", "brand"}
                )


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_queue_has_one_door(path):
    if str(path.relative_to(ROOT)) == "tenants/jobs.py":
        return
    assert "async_task" not in path.read_text(), "use tenants.jobs.enqueue"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_nobody_assigns_status(path):
    """States change through core.transitions.move, which guards, compares, sets and writes the event."""
    for node in ast.walk(ast.parse(path.read_text())):
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            is_status = isinstance(target, ast.Attribute) and target.attr == "status"
            on_response = isinstance(getattr(target, "value", None), ast.Name) and target.value.id in {
                "response",
                "self",
            }
            if is_status and not on_response and path.parts[-2] != "tenants":
                pytest.fail(f"{path.relative_to(ROOT)}:{node.lineno} assigns .status")


def test_nothing_of_this_machine_or_of_a_registry():
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    hosts = "|".join(
        [
            "files.pythonhosted" + r"\.org",
            "registry.npmjs" + r"\.org",
            "deb.debian" + r"\.org",
            r"pypi\.org" + "/simple",
        ]
    )
    pattern = re.compile(rf"(^|[\s\"'=(])/(work|farm|root)/|{hosts}", re.M)
    binary = {".png", ".webp", ".mo", ".npz", ".gz", ".ico"}
    found = []
    for name in tracked.stdout.split():
        path = ROOT / name
        if (
            path.is_file()
            and path.suffix not in binary
            and (hit := pattern.search(path.read_text(errors="replace")))
        ):
            found.append(f"{name}: {hit.group().strip()}")
    assert not found


def test_pages_hold_no_inline_style_or_script():
    found = []
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        if "emails" in path.parts:
            continue
        if re.search(r"<[a-z][^>]*\sstyle\s*=", text) or re.search(
            r"<[a-z][^>]*\son[a-z]+\s*=\s*[\"']", text
        ):
            found.append(str(path.relative_to(ROOT)))
        if re.search(r"<script(?![^>]*(src=|type=\"application/))[^>]*>", text):
            found.append(str(path.relative_to(ROOT)))
    assert not found


def test_every_icon_a_template_draws_is_there():
    """One that is not breaks its page only where it is drawn, which may be for few."""
    drawn = re.compile(r'\{% icon "([^"]+)"')
    named = {
        name for path in (ROOT / "templates").rglob("*.html") for name in drawn.findall(path.read_text())
    }
    missing = set()
    for name in sorted(named):
        try:
            lucide(name)
        except IconDoesNotExist:
            missing.add(name)
    assert len(named) > 40 and not missing
