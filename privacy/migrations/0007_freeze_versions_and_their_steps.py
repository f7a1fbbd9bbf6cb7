"""This migration will freeze published versions again (I14: they stay), and their steps."""

from django.db import migrations, models

from evidence.append_only import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("privacy", "0006_give_published_versions_their_hash")]

    operations = [
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("stage", "published"), _negated=True),
                        ("hash", ""),
                        ("number__isnull", True),
                        ("published_at__isnull", True),
                    ),
                    models.Q(
                        ("number__isnull", False),
                        ("published_at__isnull", False),
                        ("stage", "published"),
                        ("effective_at__gte", models.F("published_at")),
                        ("effective_at__isnull", False),
                        models.Q(("title_pl", ""), _negated=True),
                        models.Q(("title_en", ""), _negated=True),
                        models.Q(("text_pl", ""), _negated=True),
                        models.Q(("text_en", ""), _negated=True),
                        models.Q(("hash", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="privacy_published_is_complete",
            ),
        ),
        refuse_changes("privacy_policyversion", when="OLD.published_at IS NOT NULL"),
        refuse_changes("privacy_policystep"),
    ]
