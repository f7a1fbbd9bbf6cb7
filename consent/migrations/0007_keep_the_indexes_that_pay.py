"""This migration will keep of the indexes of records those that are worth what each choice pays.

Nothing looks for the records of a notice. Few records supersede one. Records come in the order of
policy versions, so that a BRIN index finds those of a version.
"""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

from evidence.indexes import AddIndexBesideWriters, drop_index_of_key


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("consent", "0006_let_go_of_superseded_records"),
        ("privacy", "0022_end_requests_of_erased_people_after_their_answer"),
    ]

    operations = [
        AddIndexBesideWriters(
            model_name="consentrecord",
            index=models.Index(
                condition=models.Q(("supersedes__isnull", False)),
                fields=["supersedes"],
                name="consent_record_supersedes",
            ),
        ),
        AddIndexBesideWriters(
            model_name="consentrecord",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["policy_version"], name="consent_record_version"
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                drop_index_of_key("consent", "consentrecord", "notice"),
                drop_index_of_key("consent", "consentrecord", "policy_version"),
                drop_index_of_key("consent", "consentrecord", "supersedes"),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="consentrecord",
                    name="notice",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="consent.notice",
                        verbose_name="notice",
                    ),
                ),
                migrations.AlterField(
                    model_name="consentrecord",
                    name="policy_version",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="privacy.policyversion",
                        verbose_name="policy version",
                    ),
                ),
                migrations.AlterField(
                    model_name="consentrecord",
                    name="supersedes",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="superseded_by",
                        to="consent.consentrecord",
                        verbose_name="supersedes",
                    ),
                ),
            ],
        ),
    ]
