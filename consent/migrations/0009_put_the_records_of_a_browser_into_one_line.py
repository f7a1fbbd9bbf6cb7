"""This migration will let no two records supersede the same one: the choices of a browser are one line.

Two tabs could do that. The later of two such records supersedes the earlier one now; their hashes
are made after that. It also adds the indexes by which the worker finds new records.
"""

import django.contrib.postgres.indexes
from django.db import migrations, models

from evidence.indexes import (
    AddBrinIndexBesideWriters,
    AddIndexBesideWriters,
    AddUniqueConstraintBesideWriters,
    without_limit,
)


def put_into_one_line(apps, schema_editor):
    """Let each record that supersedes the same as an earlier one supersede the end of its line."""
    record_model = apps.get_model("consent", "ConsentRecord")
    superseding = record_model.objects.filter(supersedes__isnull=False).order_by("made_at", "pk")
    counted = superseding.order_by().values("supersedes").annotate(number=models.Count("pk"))
    for number in [*counted.filter(number__gt=1).values_list("supersedes", flat=True)]:
        first, *others = superseding.filter(supersedes=number)
        for record in others:
            end = first.pk
            while later := superseding.filter(supersedes=end).first():
                end = later.pk
            record_model.objects.filter(pk=record.pk).update(supersedes=end)


def put_into_one_line_in_time(apps, schema_editor):
    """However long the table is: a statement of the site may take seconds."""
    with without_limit(schema_editor):
        put_into_one_line(apps, schema_editor)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("consent", "0008_give_each_record_its_hash")]

    operations = [
        migrations.RunPython(put_into_one_line_in_time, migrations.RunPython.noop),
        AddUniqueConstraintBesideWriters(
            model_name="consentrecord",
            constraint=models.UniqueConstraint(
                condition=models.Q(("supersedes__isnull", False)),
                fields=("supersedes",),
                name="consent_record_superseded_once",
            ),
        ),
        migrations.RemoveIndex(model_name="consentrecord", name="consent_record_supersedes"),
        AddBrinIndexBesideWriters(
            model_name="consentrecord",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["stored_at"], name="consent_record_stored"
            ),
        ),
        AddIndexBesideWriters(
            model_name="consentrecord",
            index=models.Index(
                condition=models.Q(("hash", "")), fields=["id"], name="consent_record_without_hash"
            ),
        ),
    ]
