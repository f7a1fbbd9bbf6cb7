"""This migration will say the purpose of each group in a few words, for the question's first layer."""

from typing import Any

from django.db import migrations, models

# Polish and English. The words of the first seed; staff change them in the admin.
SHORT_PURPOSES = {
    "preferences": ("do zapamiętania kraju i\u00a0waluty", "to remember your country and currency"),
    "analytics": ("do statystyk (Google Analytics)", "for statistics (Google Analytics)"),
    "marketing": (
        "do mierzenia skuteczności reklam (Google Ads)",
        "to measure how well our ads work (Google Ads)",
    ),
}


def say_them(apps: Any, schema_editor: Any) -> None:
    """Fill the new fields; a group of the staff's own is named by its name."""
    for details in apps.get_model("consent", "GroupDetails").objects.select_related("group"):
        if details.group.is_required:
            continue
        names = (f"({details.group.name})", f"({details.name_en})")
        words = SHORT_PURPOSES.get(details.group.varname, names)
        details.short_purpose_pl, details.short_purpose_en = (word[:80] for word in words)
        details.save(update_fields=["short_purpose_pl", "short_purpose_en"])


class Migration(migrations.Migration):
    dependencies = [("consent", "0003_let_staff_switch_personalized_ads_on")]

    operations = [
        migrations.AddField(
            model_name="groupdetails",
            name="short_purpose_pl",
            field=models.CharField(
                blank=True,
                default="",
                help_text="The first layer of the question lists it, with the recipient's name.",
                max_length=80,
                verbose_name="purpose in a few words (Polish)",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="groupdetails",
            name="short_purpose_en",
            field=models.CharField(
                blank=True,
                default="",
                max_length=80,
                verbose_name="purpose in a few words (English)",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(say_them, migrations.RunPython.noop),
    ]
