"""This migration will make recipients of data rows, and keep what the table of them said."""

import django.core.validators
from django.db import migrations, models

from evidence.append_only import refuse_changes


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0015_keep_erasures_restrictions_and_holds"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecipientsSnapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", models.JSONField(verbose_name="contents")),
                ("hash", models.CharField(max_length=64, verbose_name="SHA-256 hash")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
            ],
            options={
                "verbose_name": "table of recipients",
                "verbose_name_plural": "tables of recipients",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Recipient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.SlugField(
                        help_text="The short name by which the software knows the recipient.",
                        unique=True,
                        verbose_name="key",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        help_text="Empty: the policy says that it is to be named.",
                        max_length=100,
                        verbose_name="name",
                    ),
                ),
                ("purpose_pl", models.TextField(verbose_name="what for (Polish)")),
                ("purpose_en", models.TextField(verbose_name="what for (English)")),
                ("data_pl", models.TextField(verbose_name="which data (Polish)")),
                ("data_en", models.TextField(verbose_name="which data (English)")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("processor", "processor"),
                            ("controller", "controller in its own right"),
                            ("ourselves", "we ourselves, the controller"),
                        ],
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                (
                    "country",
                    models.CharField(
                        blank=True,
                        help_text="Empty: the policy says that it is to be confirmed.",
                        max_length=2,
                        verbose_name="country of processing",
                    ),
                ),
                (
                    "safeguard_pl",
                    models.TextField(
                        blank=True,
                        help_text="Why data may go to this country: an adequacy decision (GDPR Art. 45), or safeguards such as standard contractual clauses (Art. 46). Inside the EEA none is needed.",
                        verbose_name="safeguard (Polish)",
                    ),
                ),
                ("safeguard_en", models.TextField(blank=True, verbose_name="safeguard (English)")),
                (
                    "safeguard_url_pl",
                    models.CharField(
                        blank=True,
                        help_text="Empty: readers get a copy from us.",
                        max_length=300,
                        validators=[django.core.validators.URLValidator(schemes=["https"])],
                        verbose_name="where to get the safeguard (Polish)",
                    ),
                ),
                (
                    "safeguard_url_en",
                    models.CharField(
                        blank=True,
                        max_length=300,
                        validators=[django.core.validators.URLValidator(schemes=["https"])],
                        verbose_name="where to get the safeguard (English)",
                    ),
                ),
                (
                    "review_on",
                    models.DateField(
                        blank=True,
                        help_text="The day by which these facts must be looked at again, such as the end of an adequacy decision. The panel warns six months before.",
                        null=True,
                        verbose_name="review on",
                    ),
                ),
                (
                    "is_confirmed",
                    models.BooleanField(default=False, verbose_name="confirmed by staff"),
                ),
            ],
            options={
                "verbose_name": "recipient of data",
                "verbose_name_plural": "recipients of data",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose_pl", ""), _negated=True),
                        name="privacy_recipient_purpose_pl",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose_en", ""), _negated=True),
                        name="privacy_recipient_purpose_en",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("data_pl", ""), _negated=True),
                        name="privacy_recipient_data_pl",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("data_en", ""), _negated=True),
                        name="privacy_recipient_data_en",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("safeguard_pl", ""), ("safeguard_en", "")),
                            models.Q(
                                models.Q(("safeguard_pl", ""), _negated=True),
                                models.Q(("safeguard_en", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="privacy_recipient_safeguard_in_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("safeguard_url_pl", ""), ("safeguard_url_en", "")),
                            models.Q(
                                models.Q(("safeguard_url_pl", ""), _negated=True),
                                models.Q(("safeguard_url_en", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="privacy_recipient_safeguard_url_in_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_confirmed", False),
                            models.Q(
                                models.Q(("name", ""), _negated=True),
                                models.Q(("country", ""), _negated=True),
                                ("review_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="privacy_recipient_confirmed_is_complete",
                    ),
                ],
            },
        ),
        refuse_changes("privacy_recipientssnapshot"),
    ]
