"""Imports point one way: voipstudio -> trial, pricing -> consent -> privacy -> delivery -> the rest."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from django.conf import settings

from tests.run_once import needs_no_database

pytestmark = needs_no_database

ROOT = Path(settings.BASE_DIR)
# An app may import itself and the apps of the levels below.
ORDER = [
    {"voipstudio"},
    {"trial", "pricing"},
    {"consent"},
    {"privacy"},
    {"delivery"},
    {"content", "evidence"},
]
MAY_IMPORT = {
    app: {app, *(lower for level in ORDER[place + 1 :] for lower in level)}
    for place, level in enumerate(ORDER)
    for app in level
}
OURS = {*MAY_IMPORT, "tests", "deploy"}
FILES = [path for app in sorted(MAY_IMPORT) for path in sorted((ROOT / app).rglob("*.py"))]


def _imported(source: str) -> set[str]:
    """The top-level packages that a module imports, also inside functions and as strings."""
    packages = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            packages |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name their module in full"
            packages.add((node.module or "").partition(".")[0])
        elif isinstance(node, ast.Call) and getattr(
            node.func, "id", getattr(node.func, "attr", "")
        ) in {
            "import_module",
            "import_string",
            "get_model",
            "__import__",
        }:
            packages |= {
                str(argument.value).partition(".")[0]
                for argument in node.args
                if isinstance(argument, ast.Constant)
            }
    return packages


def test_there_are_modules_to_read() -> None:
    assert len(FILES) >= 60


def test_the_search_finds_imports_at_every_place() -> None:
    source = "import a.b\nfrom c.d import e\ndef f():\n    import g\n    import_module('h.i')"

    assert _imported(source) == {"a", "c", "g", "h"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_imports_only_what_is_below_it(path: Path) -> None:
    """Red when: an app imports one above it, one on its level, or the tests."""
    app = path.relative_to(ROOT).parts[0]

    assert (_imported(path.read_text()) & OURS) - MAY_IMPORT[app] == set()


def _folders_imported_by_folder() -> dict[str, set[str]]:
    """Of the folders inside an app, which other folders of it each one imports."""
    modules = {
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for path in FILES
    }
    edges: dict[str, set[str]] = {}
    for path in FILES:
        folder = ".".join(path.relative_to(ROOT).parent.parts)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                named = {f"{node.module}.{alias.name}" for alias in node.names} & modules
                for module in named or {node.module} & modules:
                    target = module.rpartition(".")[0]
                    if "." in folder and "." in target and target != folder:
                        edges.setdefault(folder, set()).add(target)
    return edges


def test_the_folders_of_an_app_do_not_import_each_other_in_a_circle() -> None:
    """Red when: consent/choice imports consent/gate, which imports consent/choice."""
    edges = _folders_imported_by_folder()

    assert "consent.choice" in edges["consent.gate"]
    TopologicalSorter(edges).prepare()  # raises CycleError
