"""This migration will make the tables of the seal: leaves, nodes and checkpoints, all append-only.

A leaf may only forget which row it was, when the row ends.
"""

from django.db import migrations, models

from evidence.append_only import open_for_deletion, refuse_changes


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_create_the_control_row_of_deletions")]

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("number", models.AutoField(db_column="id", primary_key=True, serialize=False)),
                ("size", models.BigIntegerField(db_index=True, verbose_name="leaves")),
                ("root", models.CharField(max_length=64, verbose_name="root")),
                ("note", models.TextField(verbose_name="text of the checkpoint")),
                ("covers_until", models.DateTimeField(unique=True, verbose_name="covers until")),
                ("made_at", models.DateTimeField(verbose_name="sealed at")),
            ],
            options={
                "verbose_name": "checkpoint of the seal",
                "verbose_name_plural": "checkpoints of the seal",
                "db_table": "evidence_checkpoint",
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                (
                    "position",
                    models.BigIntegerField(
                        db_column="id", primary_key=True, serialize=False, verbose_name="position"
                    ),
                ),
                ("series", models.CharField(max_length=20, verbose_name="series")),
                ("row", models.UUIDField(null=True, verbose_name="row")),
                ("hash", models.BinaryField(max_length=32, verbose_name="hash")),
            ],
            options={
                "verbose_name": "leaf of the seal",
                "verbose_name_plural": "leaves of the seal",
                "db_table": "evidence_leaf",
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="Node",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("level", models.PositiveSmallIntegerField()),
                ("place", models.BigIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={"db_table": "evidence_node"},
        ),
        migrations.AddConstraint(
            model_name="leaf",
            constraint=models.UniqueConstraint(
                condition=models.Q(("row__isnull", False)),
                fields=("row", "series"),
                name="evidence_leaf_of_row",
            ),
        ),
        migrations.AddConstraint(
            model_name="node",
            constraint=models.UniqueConstraint(
                fields=("level", "place"), name="evidence_node_place"
            ),
        ),
        refuse_changes("evidence_leaf"),
        open_for_deletion("evidence_leaf", strips="row", deletes=False),
        refuse_changes("evidence_node"),
        refuse_changes("evidence_checkpoint"),
    ]
