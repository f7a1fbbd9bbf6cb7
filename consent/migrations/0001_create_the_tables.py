"""This migration will create the tables of the app."""

import uuid

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cookie_consent", "0004_cookie_natural_key"),
        ("privacy", "0002_freeze_published_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name="RegistrySnapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", models.JSONField()),
                ("hash", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "registry snapshot",
                "verbose_name_plural": "registry snapshots",
                "ordering": ["-pk"],
            },
        ),
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
        migrations.CreateModel(
            name="Provider",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("meaning", models.PositiveIntegerField(default=1, editable=False)),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                (
                    "privacy_url_pl",
                    models.CharField(
                        max_length=300,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(https://|/(?!/))[^\\s\\\\]*\\Z",
                                "Give an address that begins with https:// or with /.",
                            )
                        ],
                        verbose_name="privacy policy (Polish)",
                    ),
                ),
                (
                    "privacy_url_en",
                    models.CharField(
                        max_length=300,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(https://|/(?!/))[^\\s\\\\]*\\Z",
                                "Give an address that begins with https:// or with /.",
                            )
                        ],
                        verbose_name="privacy policy (English)",
                    ),
                ),
                (
                    "is_confirmed",
                    models.BooleanField(default=False, verbose_name="confirmed by staff"),
                ),
            ],
            options={
                "verbose_name": "provider",
                "verbose_name_plural": "providers",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("privacy_url_pl", ""), _negated=True),
                            models.Q(("privacy_url_en", ""), _negated=True),
                        ),
                        name="consent_provider_is_complete",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("texts", models.JSONField()),
                ("hash", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="consent.registrysnapshot"
                    ),
                ),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="GroupDetails",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("meaning", models.PositiveIntegerField(default=1, editable=False)),
                ("name_en", models.CharField(max_length=100, verbose_name="name (English)")),
                ("description_en", models.TextField(verbose_name="description (English)")),
                (
                    "group",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="details",
                        to="cookie_consent.cookiegroup",
                    ),
                ),
            ],
            options={
                "verbose_name": "details of the group",
                "verbose_name_plural": "details of the group",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name_en", ""), _negated=True),
                            models.Q(("description_en", ""), _negated=True),
                        ),
                        name="consent_group_is_complete",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(db_index=True, verbose_name="made at")),
                ("expires_at", models.DateTimeField(verbose_name="until")),
                ("language", models.CharField(max_length=2, verbose_name="language")),
                ("offered", models.JSONField(verbose_name="groups offered")),
                ("granted", models.JSONField(verbose_name="groups granted")),
                ("is_refusal", models.BooleanField(verbose_name="refusal")),
                (
                    "method",
                    models.CharField(
                        choices=[("banner", "banner"), ("cookie-page", "cookie page")],
                        max_length=12,
                        verbose_name="method",
                    ),
                ),
                ("has_javascript", models.BooleanField(verbose_name="with JavaScript")),
                ("has_gpc_signal", models.BooleanField(verbose_name="with GPC signal")),
                (
                    "policy_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="privacy.policyversion",
                        verbose_name="policy version",
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="consent.consentrecord",
                        verbose_name="supersedes",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="consent.notice",
                        verbose_name="notice",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent record",
                "verbose_name_plural": "consent records",
                "ordering": ["-made_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_refusal", True), ("notice__isnull", False), _connector="OR"
                        ),
                        name="consent_grant_names_its_notice",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CookieDetails",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("meaning", models.PositiveIntegerField(default=1, editable=False)),
                ("purpose_en", models.TextField(verbose_name="purpose (English)")),
                (
                    "party",
                    models.CharField(
                        choices=[("first", "first party"), ("third", "third party")],
                        max_length=5,
                        verbose_name="party",
                    ),
                ),
                (
                    "storage",
                    models.CharField(
                        choices=[
                            ("cookie", "cookie"),
                            ("local", "localStorage"),
                            ("session", "sessionStorage"),
                            ("indexed", "IndexedDB"),
                            ("cache", "Cache Storage"),
                        ],
                        default="cookie",
                        max_length=7,
                        verbose_name="kind of storage",
                    ),
                ),
                (
                    "life",
                    models.CharField(
                        choices=[
                            ("fixed", "a fixed time"),
                            ("session", "until the browser is closed"),
                            ("deleted", "until you delete it"),
                        ],
                        default="fixed",
                        max_length=7,
                        verbose_name="life",
                    ),
                ),
                (
                    "max_age_seconds",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="90 days are 7776000 seconds.",
                        null=True,
                        verbose_name="life in seconds",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "is_staff_only",
                    models.BooleanField(default=False, verbose_name="only under /admin/"),
                ),
                (
                    "justification_pl",
                    models.TextField(
                        blank=True,
                        help_text="For strictly necessary storage: PKE Art. 399(3), PECR reg. 6(4).",
                        verbose_name="why it is necessary (Polish)",
                    ),
                ),
                (
                    "justification_en",
                    models.TextField(blank=True, verbose_name="why it is necessary (English)"),
                ),
                (
                    "cookie",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="details",
                        to="cookie_consent.cookie",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="consent.provider",
                        verbose_name="provider",
                    ),
                ),
            ],
            options={
                "verbose_name": "declaration of the cookie",
                "verbose_name_plural": "declaration of the cookie",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose_en", ""), _negated=True),
                        name="consent_cookie_has_purpose",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("life", "fixed"),
                                ("max_age_seconds__gt", 0),
                                ("max_age_seconds__isnull", False),
                            ),
                            models.Q(
                                models.Q(("life", "fixed"), _negated=True),
                                ("max_age_seconds__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="consent_fixed_life_has_seconds",
                    ),
                ],
            },
        ),
    ]
