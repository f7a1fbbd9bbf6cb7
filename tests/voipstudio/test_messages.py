"""The catalog of messages: extracting, updating, checking and compiling it."""

import gettext
import os
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.utils.translation import trans_real

from tests.run_once import needs_no_database
from voipstudio.management.catalog import PLURAL_FORMS, extracted

pytestmark = needs_no_database

PYTHON = """\
from django.utils.translation import gettext_lazy as _, ngettext, npgettext, pgettext

title = _("Privacy policy")
long = _(
    "One sentence, "
    "in two parts."
)

def days(count: int) -> str:
    # Translators: the length of the trial
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}

pgettext("a verb", "Order")
npgettext("a unit", "{n} seat", "{n} seats", 2)
"""
TEMPLATE = """\
{% load i18n %}
    {% if x %}
  {# a note #}{% translate "Accept all" %} isn't it
      {% endif %}
{% translate "Order" context "a noun" as order %}
<p title="{% translate 'Say "no"' %}">{{ name|default:_("nobody") }}</p>
{% include "a.html" with label=_("Reject all") only %}
{% blocktranslate trimmed with name=user.name %}
    Hello {{ name }},
    we saved 100% of it.
{% endblocktranslate %}
{% blocktranslate count days=n trimmed %}
    {{ days }} day left
{% plural %}
    {{ days }} days left
{% endblocktranslate %}
{% blocktranslate context "a place" %}Home{% endblocktranslate %}
{% comment %}{% translate "Never shown" %}{% endcomment %}
"""
IN_PYTHON = {
    (None, "Privacy policy"),
    (None, "One sentence, in two parts."),
    (None, ("%(count)s day", "%(count)s days")),
    ("a verb", "Order"),
    ("a unit", ("{n} seat", "{n} seats")),
}
IN_TEMPLATE = {
    (None, "Accept all"),
    ("a noun", "Order"),
    (None, 'Say "no"'),
    (None, "nobody"),
    (None, "Reject all"),
    (None, "Hello %(name)s, we saved 100%% of it."),
    (None, ("%(days)s day left", "%(days)s days left")),
    ("a place", "Home"),
}


@pytest.fixture
def root(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    return tmp_path


@pytest.fixture
def catalog(root):
    return root / "locale" / "pl" / "LC_MESSAGES" / "django.po"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def translate(catalog: Path, *pairs: tuple[str, str]) -> None:
    """Replace texts of the catalog; each pair is the text before and after."""
    text = catalog.read_text()
    for before, after in pairs:
        assert before in text
        text = text.replace(before, after)
    catalog.write_text(text)


def messages_in(root: Path) -> set[tuple[str | None, object]]:
    return {(message.context, message.id) for message in extracted(root) if message.id}


def complaints() -> str:
    with pytest.raises(CommandError) as error:
        call_command("messages", check=True)
    return str(error.value)


def test_messages_are_found_in_python(root):
    write(root / "consent" / "forms.py", PYTHON)
    assert messages_in(root) == IN_PYTHON


def test_messages_are_found_in_templates(root):
    write(root / "templates" / "consent" / "banner.html", TEMPLATE)
    assert messages_in(root) == IN_TEMPLATE


@pytest.mark.parametrize(
    "folder",
    [".venv/lib", "static_collected", "tests", "consent/migrations", "var", "node_modules"],
)
def test_folders_without_sources_give_no_message(root, folder):
    write(root / folder / "module.py", PYTHON)
    assert messages_in(root) == set()


def test_update_writes_each_message_with_its_file_and_the_polish_plural_forms(root, catalog):
    write(root / "consent" / "forms.py", PYTHON)
    call_command("messages", update=True)
    text = catalog.read_text()
    assert "#: consent/forms.py\n" in text
    assert "#. Translators: the length of the trial\n" in text
    assert 'msgstr[3] ""' in text
    assert PLURAL_FORMS in text.replace('"\n"', "")


def test_update_keeps_translations_and_comments_and_drops_old_messages(root, catalog):
    write(root / "a.py", "_('Old')\n_('Kept')\n_('Unsure')")
    call_command("messages", update=True)
    translate(
        catalog,
        ('msgid "Old"\nmsgstr ""', 'msgid "Old"\nmsgstr "Stare"'),
        ('#: a.py\nmsgid "Kept"\nmsgstr ""', '# why so\n#: a.py\nmsgid "Kept"\nmsgstr "Zostaje"'),
        ('msgid "Unsure"\nmsgstr ""', '#, fuzzy\nmsgid "Unsure"\nmsgstr "Niepewne"'),
    )
    write(root / "a.py", "_('New')\n_('Kept')\n_('Unsure')")
    call_command("messages", update=True)
    text = catalog.read_text()
    assert "Stare" not in text
    assert '# why so\n#: a.py\nmsgid "Kept"\nmsgstr "Zostaje"' in text
    assert '#, fuzzy\nmsgid "Unsure"\nmsgstr "Niepewne"' in text
    assert 'msgid "New"\nmsgstr ""' in text


def test_update_twice_changes_nothing(root, catalog):
    write(root / "a.py", PYTHON)
    write(root / "templates" / "a.html", TEMPLATE)
    call_command("messages", update=True)
    once = catalog.read_text()
    call_command("messages", update=True)
    assert catalog.read_text() == once


def test_check_accepts_a_complete_catalog(root, catalog):
    write(root / "a.py", "_('%(name)s, 100%% {x}')\nngettext('%(n)s day', '%(n)s days', n)")
    call_command("messages", update=True)
    translate(
        catalog,
        ('100%% {x}"\nmsgstr ""', '100%% {x}"\nmsgstr "{x} %(name)s"'),
        ('msgstr[0] ""', 'msgstr[0] "jeden dzień"'),
        *((f'msgstr[{form}] ""', f'msgstr[{form}] "%(n)s dni"') for form in (1, 2, 3)),
    )
    call_command("messages", check=True)


def test_check_names_a_message_that_the_catalog_lacks(root):
    write(root / "a.py", "_('New')")
    assert "a.py: “New” is not in the catalog." in complaints()


def test_check_names_a_message_without_a_translation(root):
    write(root / "a.py", "_('New')")
    call_command("messages", update=True)
    assert "a.py: “New” is not translated." in complaints()


def test_check_names_a_plural_form_that_is_not_translated(root, catalog):
    write(root / "a.py", "ngettext('day', 'days', n)")
    call_command("messages", update=True)
    translate(catalog, *((f'msgstr[{form}] ""', f'msgstr[{form}] "dni"') for form in (0, 1, 2)))
    assert "a.py: “day” is not translated." in complaints()


def test_check_names_a_fuzzy_message(root, catalog):
    write(root / "a.py", "_('Unsure')")
    call_command("messages", update=True)
    translate(catalog, ('msgid "Unsure"\nmsgstr ""', '#, fuzzy\nmsgid "Unsure"\nmsgstr "x"'))
    assert "a.py: “Unsure” is marked fuzzy" in complaints()


def test_check_names_a_message_that_no_source_has(root):
    write(root / "a.py", "_('Old')")
    call_command("messages", update=True)
    write(root / "a.py", "")
    assert "a.py: “Old” is in the catalog, but in no source." in complaints()


@pytest.mark.parametrize(
    ("message", "translation", "complaint"),
    [
        (
            "by %(name)s",
            "przez %(imie)s",
            "%(name)s, its translation “przez %(imie)s” has %(imie)s",
        ),
        ("by {name}", "przez", "{name}, its translation “przez” has none"),
        ("a/<int:n>/", "b/<str:n>/", "<int:n>, its translation “b/<str:n>/” has <str:n>"),
        ("all", "%s", "none, its translation “%s” has %s"),
    ],
)
def test_check_names_placeholders_that_differ(root, catalog, message, translation, complaint):
    write(root / "a.py", f"_('{message}')")
    call_command("messages", update=True)
    translate(
        catalog, (f'msgid "{message}"\nmsgstr ""', f'msgid "{message}"\nmsgstr "{translation}"')
    )
    assert f"“{message}” has the placeholders {complaint}." in complaints()


def test_compiled_translations_are_those_of_the_catalog(root, catalog):
    write(root / "a.py", "_('day')")
    call_command("messages", update=True)
    translate(catalog, ('msgid "day"\nmsgstr ""', 'msgid "day"\nmsgstr "dzień"'))
    call_command("compile_translations")
    with catalog.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("day") == "dzień"


def test_translations_are_compiled_again_only_when_the_catalog_is_newer(root, catalog):
    write(catalog, 'msgid "day"\nmsgstr "dzień"\n')
    call_command("compile_translations")
    compiled = catalog.with_suffix(".mo")
    first = compiled.stat().st_mtime_ns
    os.utime(catalog, ns=(first - 1, first - 1))
    call_command("compile_translations")
    assert compiled.stat().st_mtime_ns == first
    os.utime(catalog, ns=(first + 1, first + 1))
    call_command("compile_translations")
    assert compiled.stat().st_mtime_ns > first


def test_the_plural_forms_are_those_of_django():
    path = Path(trans_real.__file__).parents[2] / "conf/locale/pl/LC_MESSAGES/django.po"
    with path.open("rb") as file:
        assert dict(read_po(file).mime_headers)["Plural-Forms"] == PLURAL_FORMS


def test_our_own_sources_have_messages():
    assert len(messages_in(django_settings.BASE_DIR)) >= 50
