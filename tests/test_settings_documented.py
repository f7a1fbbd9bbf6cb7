"""The environment variables of the site are exactly those that .env.example explains."""

import ast
import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# Switches of the tests, scripts and images. An operator does not set them.
INTERNAL = {"DJANGO_SKIP_ENV_FILE", "DJANGO_SETTINGS_MODULE", "NEEDS_POSTGRESQL"}


def _read_by(module: str) -> set[str]:
    """The first argument of each `env.something("NAME")` and `os.environ.get("NAME")`."""
    tree = ast.parse((ROOT / module).read_text())
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            is_env = isinstance(owner, ast.Name) and owner.id == "env"
            is_environ = isinstance(owner, ast.Attribute) and owner.attr == "environ"
            name = node.args[0] if node.args else None
            if (is_env or is_environ) and isinstance(name, ast.Constant):
                names.add(str(name.value))
    return names


def _explained() -> dict[str, str]:
    """Each variable of .env.example, with the comment above it."""
    comments, comment = {}, ""
    for line in (ROOT / ".env.example").read_text().splitlines():
        if line.startswith("#"):
            comment += line
        elif match := re.match(r"([A-Z_]+)=", line):
            comments[match[1]] = comment
        else:
            comment = ""
    return comments


def _read_by_compose() -> set[str]:
    return set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text()))


def test_the_site_reads_exactly_the_explained_variables() -> None:
    """Red when: .env.example lacks a variable, or explains one that is not read."""
    by_settings = _read_by("voipstudio/settings.py") - INTERNAL
    by_deployment = _read_by("deploy/gunicorn.conf.py") | _read_by_compose()

    assert len(by_settings) >= 12
    assert by_settings <= {*_explained()}
    assert {*_explained()} == by_settings | by_deployment


def test_every_variable_has_a_comment() -> None:
    assert [name for name, comment in _explained().items() if len(comment) < 20] == []


def test_the_example_holds_no_secret() -> None:
    values = dict(
        line.split("=", 1)
        for line in (ROOT / ".env.example").read_text().splitlines()
        if re.match(r"[A-Z_]+=", line)
    )

    assert values["SECRET_KEY"] == values["SECRET_KEY_FALLBACKS"] == values["EMAIL_URL"] == ""
    assert values["DEBUG"] == "False"
