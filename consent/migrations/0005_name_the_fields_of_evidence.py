"""This migration will give the fields of snapshots and notices names that staff can read.

Names are no columns: neither database rebuilds a table, so the triggers stay."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0004_say_each_purpose_in_a_few_words"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="created_at",
            field=models.DateTimeField(verbose_name="created at"),
        ),
        migrations.AlterField(
            model_name="notice",
            name="hash",
            field=models.CharField(max_length=64, verbose_name="SHA-256 hash"),
        ),
        migrations.AlterField(
            model_name="notice",
            name="snapshot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="consent.registrysnapshot",
                verbose_name="registry snapshot",
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="texts",
            field=models.JSONField(verbose_name="words"),
        ),
        migrations.AlterField(
            model_name="registrysnapshot",
            name="content",
            field=models.JSONField(verbose_name="contents"),
        ),
        migrations.AlterField(
            model_name="registrysnapshot",
            name="created_at",
            field=models.DateTimeField(verbose_name="created at"),
        ),
        migrations.AlterField(
            model_name="registrysnapshot",
            name="hash",
            field=models.CharField(max_length=64, verbose_name="SHA-256 hash"),
        ),
    ]
