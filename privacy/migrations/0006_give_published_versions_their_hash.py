"""This migration will give published versions a stage and a hash, and drafts no number."""

from typing import Any

from django.db import migrations

from privacy.policies import version_file

LANGUAGES = ("pl", "en")


def complete(apps: Any, schema_editor: Any) -> None:
    versions = apps.get_model("privacy", "PolicyVersion").objects
    versions.filter(published_at__isnull=True).update(number=None)
    for version in versions.filter(published_at__isnull=False):
        content = version_file.VersionContent(
            policy=version.policy,
            number=version.number,
            published_at=version.published_at,
            effective_at=version.effective_at,
            is_material=False,
            asks_again=False,
            article_13={},
            titles={code: getattr(version, f"title_{code}") for code in LANGUAGES},
            change_summaries=dict.fromkeys(LANGUAGES, ""),
            sources={code: getattr(version, f"text_{code}") for code in LANGUAGES},
        )
        version.stage = "published"
        version.hash = version_file.digest(content.file())
        version.save()


def number_drafts(apps: Any, schema_editor: Any) -> None:
    """Drafts had numbers before: each gets one after all others of its policy."""
    versions = apps.get_model("privacy", "PolicyVersion").objects
    for version in versions.filter(number__isnull=True).order_by("pk"):
        numbers = versions.filter(policy=version.policy, number__isnull=False)
        version.number = max(numbers.values_list("number", flat=True), default=0) + 1
        version.save()


class Migration(migrations.Migration):
    dependencies = [("privacy", "0005_let_drafts_go_through_review")]

    operations = [migrations.RunPython(complete, number_drafts)]
