"""This migration will keep a register of breaches, whose notices nothing can change."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from evidence.append_only import open_for_deletion, refuse_changes


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0001_create_the_control_row_of_deletions"),
        ("privacy", "0019_let_a_person_approve_the_first_version"),
    ]

    operations = [
        migrations.CreateModel(
            name="Breach",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "facts",
                    models.TextField(
                        help_text="Write no names and no addresses of people.",
                        verbose_name="what happened",
                    ),
                ),
                (
                    "began_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When the breach happened or began. Empty: not known.",
                        null=True,
                        verbose_name="since when",
                    ),
                ),
                (
                    "aware_at",
                    models.DateTimeField(
                        db_index=True,
                        help_text="From this moment on there are 72 hours to tell the supervisory authority: from when it was reasonably certain that personal data had been breached.",
                        verbose_name="when we became aware",
                    ),
                ),
                (
                    "people_kinds",
                    models.TextField(
                        blank=True,
                        help_text="Such as trial users, customers, callers. Write no names.",
                        verbose_name="kinds of people",
                    ),
                ),
                (
                    "people_number",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Empty: not known yet.",
                        null=True,
                        verbose_name="about how many people",
                    ),
                ),
                (
                    "data_kinds",
                    models.TextField(
                        blank=True,
                        help_text="Such as e-mail addresses, recordings. Write none of the data.",
                        verbose_name="kinds of data",
                    ),
                ),
                (
                    "records_number",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Empty: not known yet.",
                        null=True,
                        verbose_name="about how many records",
                    ),
                ),
                (
                    "effects",
                    models.TextField(blank=True, verbose_name="effects and likely consequences"),
                ),
                (
                    "measures",
                    models.TextField(
                        blank=True,
                        help_text="Against the breach, and against its effects.",
                        verbose_name="measures taken and proposed",
                    ),
                ),
                (
                    "risk",
                    models.CharField(
                        choices=[
                            ("not-assessed", "not assessed yet"),
                            ("unlikely", "unlikely"),
                            ("risk", "risk"),
                            ("high", "high risk"),
                        ],
                        default="not-assessed",
                        help_text="While it is not assessed, the clock runs.",
                        max_length=12,
                        verbose_name="risk to the rights and freedoms of people",
                    ),
                ),
                (
                    "risk_reason",
                    models.TextField(
                        blank=True,
                        help_text="Needed where a risk is unlikely, so that no authority is told.",
                        verbose_name="reasons for the assessment",
                    ),
                ),
                ("is_ico_competent", models.BooleanField(default=True, verbose_name="ICO")),
                (
                    "is_uodo_competent",
                    models.BooleanField(default=True, verbose_name="Prezes UODO"),
                ),
                (
                    "is_other_competent",
                    models.BooleanField(
                        default=False, verbose_name="another supervisory authority"
                    ),
                ),
                (
                    "late_reason",
                    models.TextField(
                        blank=True,
                        help_text="Needed after 72 hours (GDPR Art. 33(1)).",
                        verbose_name="reasons for the delay",
                    ),
                ),
                (
                    "people_not_told_reason",
                    models.TextField(
                        blank=True,
                        help_text="For a high risk, where you do not tell them: which case of GDPR Art. 34(3) it is, and why.",
                        verbose_name="why the people concerned need not be told",
                    ),
                ),
                (
                    "closed_at",
                    models.DateTimeField(
                        db_index=True, editable=False, null=True, verbose_name="closed at"
                    ),
                ),
            ],
            options={
                "verbose_name": "breach",
                "verbose_name_plural": "personal data breaches",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("began_at", None),
                            ("began_at__lte", models.F("aware_at")),
                            _connector="OR",
                        ),
                        name="privacy_breach_began_before_we_were_aware",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("risk", "unlikely"), _negated=True),
                            models.Q(("risk_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="privacy_breach_unlikely_risk_has_reasons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("risk", "unlikely"),
                            ("is_ico_competent", True),
                            ("is_uodo_competent", True),
                            ("is_other_competent", True),
                            _connector="OR",
                        ),
                        name="privacy_breach_has_a_competent_authority",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at", None),
                            models.Q(
                                models.Q(("risk", "not-assessed"), _negated=True),
                                models.Q(("effects", ""), _negated=True),
                                models.Q(("measures", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="privacy_breach_closed_is_complete",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BreachNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "addressee",
                    models.CharField(
                        choices=[
                            ("ico", "ICO"),
                            ("uodo", "Prezes UODO"),
                            ("authority", "another supervisory authority"),
                            ("people", "the people concerned"),
                            ("controller", "the controller for whom we process the data"),
                            ("processor", "a processor"),
                            ("police", "the police or a prosecutor"),
                            ("other", "somebody else"),
                        ],
                        max_length=10,
                        verbose_name="who was told of it",
                    ),
                ),
                ("told_at", models.DateTimeField(verbose_name="told at")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("form", "form on a website"),
                            ("email", "e-mail"),
                            ("telephone", "telephone"),
                            ("letter", "letter"),
                            ("in-person", "in person"),
                            ("public", "public communication"),
                        ],
                        max_length=10,
                        verbose_name="how",
                    ),
                ),
                (
                    "about",
                    models.TextField(
                        help_text="What we told, and the number under which the authority keeps it. Write no names: this row can never be changed.",
                        verbose_name="what about",
                    ),
                ),
                ("noted_at", models.DateTimeField(editable=False, verbose_name="written down at")),
                (
                    "breach",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="privacy.breach",
                        verbose_name="breach",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice of a breach",
                "verbose_name_plural": "who was told",
                "ordering": ["told_at", "pk"],
            },
        ),
        refuse_changes("privacy_breachnotice"),
        open_for_deletion("privacy_breachnotice"),
    ]
