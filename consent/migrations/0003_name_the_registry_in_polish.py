"""This migration will name the registry in the words of our staff."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0002_make_evidence_append_only"),
        ("cookie_consent", "0004_cookie_natural_key"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeclaredCookie",
            fields=[],
            options={
                "verbose_name": "cookie",
                "verbose_name_plural": "cookies",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("cookie_consent.cookie",),
        ),
        migrations.CreateModel(
            name="DeclaredGroup",
            fields=[],
            options={
                "verbose_name": "cookie group",
                "verbose_name_plural": "cookie groups",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("cookie_consent.cookiegroup",),
        ),
    ]
