"""The house rules that a reader may rely on: imports run downward, the domain is pure, one place writes the status."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = (
    ("domain",),
    ("models", "querysets", "viewer", "paging", "prepared", "kept_queries", "components", "markup", "field_markup"),
    (
        "policy_in_force",
        "coming_back",
        "quoting",
        "replay_rows",
        "looks",
        "queue",
        "differences",
        "catalogue",
        "enquiries",
        "drafts",
        "tokens",
        "pictures",
        "redraw",
        "picture_files",
        "notices",
        "preferences",
        "pressing",
        "licensing",
        "statements",
        "leaving",
        "reports",
        "wording",
        "notifications",
        "doorbell",
    ),
    ("letters", "mail", "mime", "slips", "smtp"),
    ("services",),
    ("invariants", "demo", "samples", "waiting"),
    ("forms",),
    ("views", "tasks", "templatetags", "management", "urls", "mail_sink_urls"),
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
FREE = {"apps", "migrations", "__init__"}


def modules() -> Iterator[tuple[Path, str]]:
    for path in sorted((ROOT / "returns").rglob("*.py")):
        top = path.relative_to(ROOT / "returns").parts[0].removesuffix(".py")
        if top not in FREE:
            yield path, top


def imports(path: Path, *, inside_functions: bool = False) -> Iterator[str]:
    """Modules imported at the top of a file, typing-only imports apart."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = ast.walk(tree) if inside_functions else iter(tree.body)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_the_domain_uses_the_standard_library_only() -> None:
    foreign = [
        (path.name, name)
        for path in sorted((ROOT / "returns/domain").glob("*.py"))
        for name in imports(path, inside_functions=True)
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("returns.domain")
    ]
    assert foreign == []


def test_the_domain_never_looks_at_a_clock() -> None:
    calls = {"now", "today", "utcnow", "time"}
    found = [
        (path.name, node.lineno)
        for path in sorted((ROOT / "returns/domain").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in calls
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date", "time", "timezone"}
    ]
    assert found == []


def test_every_part_of_the_returns_package_has_its_layer() -> None:
    assert sorted({top for _, top in modules()} - set(RANK)) == []


@pytest.mark.parametrize(
    ("path", "top"), [pytest.param(*each, id=str(each[0].relative_to(ROOT))) for each in modules()]
)
def test_imports_run_downward(path: Path, top: str) -> None:
    upward = [
        name for name in imports(path) if name.startswith("returns.") and RANK.get(name.split(".")[1], -1) > RANK[top]
    ]
    assert upward == []


def writes_status(node: ast.AST) -> bool:
    """Whether this is `….status = …`, or `.update(status=…)`, or a request that is made with one."""
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets)
    if not isinstance(node, ast.Call) or not any(keyword.arg == "status" for keyword in node.keywords):
        return False
    called = ast.unparse(node.func)
    return called.endswith(".update") or called in {"ReturnRequest", "ReturnRequest.objects.create"}


def test_one_place_writes_the_status_of_a_request() -> None:
    writers = {
        path.relative_to(ROOT).as_posix()
        for path, _ in modules()
        if any(writes_status(node) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert writers == {"returns/services/transition.py"}


def test_there_is_no_drawer_for_everything() -> None:
    drawers = {"utils", "helpers", "common", "core", "misc"}
    named = [path for path in ROOT.rglob("*.py") if path.stem in drawers and ".venv" not in path.parts]
    assert named == []


def test_no_file_grows_past_two_nouns() -> None:
    longest = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for folder in ("accounts", "returns", "rma_portal", "devstack")
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
    }
    assert {name: lines for name, lines in longest.items() if lines > 560} == {}
