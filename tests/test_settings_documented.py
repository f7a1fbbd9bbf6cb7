"""Every variable that the site reads is explained in .env.example, and the other way round."""

import ast
import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# Switches of the tests and the scripts themselves, which nobody sets for a site.
INTERNAL = {"DJANGO_SKIP_ENV_FILE", "DJANGO_SETTINGS_MODULE"}


def _read_by(module: str) -> set[str]:
    """The first argument of each `env.something("NAME")` and `os.environ.get("NAME")`."""
    tree = ast.parse((ROOT / module).read_text())
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            is_env = isinstance(owner, ast.Name) and owner.id == "env"
            is_environ = isinstance(owner, ast.Attribute) and owner.attr == "environ"
            name = node.args[0] if node.args else None
            if (is_env or is_environ) and isinstance(name, ast.Constant):
                found.add(str(name.value))
    return found


def _explained() -> dict[str, str]:
    """Each variable of .env.example, with the comment above it."""
    explained, comment = {}, ""
    for line in (ROOT / ".env.example").read_text().splitlines():
        if line.startswith("#"):
            comment += line
        elif match := re.match(r"([A-Z_]+)=", line):
            explained[match[1]] = comment
        else:
            comment = ""
    return explained


def _read_by_compose() -> set[str]:
    return set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text()))


def test_the_settings_read_what_is_explained_and_the_other_way_round() -> None:
    """Red when: a variable is read that .env.example does not explain, or explained in vain."""
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
