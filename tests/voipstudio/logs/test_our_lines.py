"""Our own calls of a logger: constant sentences, and the few values that were looked at (I21)."""

import ast
from pathlib import Path

from django.conf import settings

from voipstudio.logs.lines import OURS

# Module: values. None of them can hold what a visitor typed.
VALUES = {
    "consent/gate/guard.py": {"morsel.key"},  # a name that our own code gave
    "consent/looks/actions.py": {"error"},  # names a file of ours
    "delivery/deliveries.py": {"self", "error"},  # kind and id; class and code of an error
    "delivery/outbox.py": {"mail"},  # kind and id
    "privacy/rights/retention/purge_runs.py": {"rule.key"},  # table and place of a period
    "trial/phone_system/webhook.py": {"delivery"},  # id
}
METHODS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def log_calls() -> list[tuple[str, ast.Call]]:
    root = Path(settings.BASE_DIR)
    files = [file for app in sorted(OURS) for file in sorted((root / app).rglob("*.py"))]
    return [
        (str(file.relative_to(root)), node)
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in METHODS
        and ast.unparse(node.func.value) == "logger"
    ]


def arguments(call: ast.Call) -> list[ast.expr]:
    """The sentence and its values; `log` has the level before them."""
    assert isinstance(call.func, ast.Attribute)
    return call.args[1:] if call.func.attr == "log" else call.args


def test_every_sentence_is_a_constant_and_every_value_was_looked_at() -> None:
    """Red when: somebody logs a value that is not listed, an f-string or the text of an error."""
    calls = log_calls()
    values: dict[str, set[str]] = {}
    for module, call in calls:
        sentence, *rest = arguments(call)
        assert isinstance(sentence, ast.Constant), ast.unparse(call)
        for value in rest:
            values.setdefault(module, set()).add(ast.unparse(value))

    assert values == VALUES
    assert len(calls) >= 15
