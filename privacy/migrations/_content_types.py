"""Content types of models that move to another app: their rows, permissions and logs follow."""

from typing import Any

from django.db.migrations.operations import RunPython


def move_content_types(*models: str, to: str) -> RunPython:
    """An operation that gives the content types of `models` in privacy the app label `to`."""

    def forward(apps: Any, schema_editor: Any) -> None:
        _relabel(apps, schema_editor, models, "privacy", to)

    def backward(apps: Any, schema_editor: Any) -> None:
        _relabel(apps, schema_editor, models, to, "privacy")

    return RunPython(forward, backward)


def _relabel(apps: Any, schema_editor: Any, models: tuple[str, ...], old: str, new: str) -> None:
    content_types = apps.get_model("contenttypes", "ContentType").objects.using(
        schema_editor.connection.alias
    )
    moved = content_types.filter(app_label=old, model__in=models)
    # After a migration back, post_migrate makes new content types for the app that is left. Nothing
    # refers to them, and they would be in the way of those that return (unique label and model).
    in_the_way = content_types.filter(
        app_label=new, model__in=moved.values_list("model", flat=True)
    )
    in_the_way.delete()
    moved.update(app_label=new)
