"""The table of recipients that a policy prints, today and as it was."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone, translation

from consent.models import CookieDetails
from content import store
from content.models import ContentRevision
from privacy.models import Recipient, RecipientsSnapshot
from privacy.policies.text import tables
from privacy.rights.recipients.recipients_table import TABLE
from tests.factories import make_client, publish_registry
from tests.pages import Page

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
POLICY = {"pl": "/polityka-prywatnosci/", "en": "/en/privacy-policy/"}


def table(language: str, at: datetime | None = None) -> Page:
    with translation.override(language):
        return Page(f"<main>{tables.render('recipients', at=at)}</main>")


def rows(language: str, at: datetime | None = None) -> dict[str, list[str]]:
    """The cells of each row, by the purpose that stands in it."""
    cells = [e.text for e in table(language, at).all("th", "td") if e.is_inside("tbody")]
    by_row = [cells[start : start + 5] for start in range(0, len(cells), 5)]
    return {row[1]: row for row in by_row}


def change(key: str, **fields: object) -> None:
    Recipient.objects.filter(key=key).update(**fields)
    TABLE.keep(at=timezone.now())
    store.poll(timezone.now())


def test_the_policy_prints_the_table_in_both_languages() -> None:
    """Red when: the seeded policy lacks the placeholder, or a row stays in the other language."""
    polish, english = (make_client().get(path).text for path in POLICY.values())

    for recipient in Recipient.objects.in_use():
        assert recipient.purpose_pl in polish.replace("&nbsp;", "\u00a0")
        assert recipient.purpose_en in english
        assert recipient.purpose_en not in polish
    assert len(Recipient.objects.in_use()) == 6


def test_a_row_prints_name_purpose_data_role_country_and_safeguard() -> None:
    """GDPR Art. 13(1)(e) and (f). Red when: one of them is left out."""
    assert rows("en")["all purposes that section 6 names"] == [
        "Level 7 Systems",
        "all purposes that section 6 names",
        "all data that this policy is about",
        "we ourselves, the controller",
        "United Kingdom – adequacy decision of the European Commission (Implementing Decision (EU) "
        "2021/1772), extended until 27 December 2031",
    ]
    links = {"pl": "PL", "en": "EN"}
    for language, letters in links.items():
        [link] = table(language).links
        assert link == (
            f"https://eur-lex.europa.eu/legal-content/{letters}/TXT/?uri=CELEX:32021D1772"
        )


@pytest.mark.parametrize(
    ("language", "name", "role", "mark"),
    [
        ("pl", "nazwa do uzupełnienia", "podmiot przetwarzający", "do potwierdzenia"),
        ("en", "to be named", "processor", "to be confirmed"),
    ],
)
def test_what_nobody_has_named_or_confirmed_is_marked(language, name, role, mark) -> None:
    """Red when: the table is silent about what staff have not filled in."""
    purpose = Recipient.objects.get(key="hosting")
    text = " ".join(getattr(purpose, f"purpose_{language}").split())

    row = rows(language)[text]

    assert (row[0], row[3], row[4]) == (name, role, mark)


def test_a_country_that_is_not_confirmed_is_marked() -> None:
    """Red when: what staff have not confirmed reads like a fact."""
    [google] = [row for row in rows("en").values() if row[0] == "Google (Google Ads)"]

    assert google[3:] == ["controller in its own right", "United States (to be confirmed)"]


def test_inside_the_eea_no_safeguard_is_needed() -> None:
    change("hosting", name="Hosting SA", country="PL", review_on="2030-01-01", is_confirmed=True)

    row = rows("pl")["utrzymywanie serwisu, jego bazy danych i kopii zapasowych"]
    assert (row[0], row[4]) == ("Hosting SA", "Polska (EOG)")


def test_the_texts_of_staff_are_printed_as_text_and_not_as_markup() -> None:
    """Red when: the table is marked safe cell by cell."""
    change("hosting", name="<script>alert(1)</script>")

    with translation.override("en"):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in tables.render("recipients", at=None)


def test_a_past_day_prints_the_table_of_that_day() -> None:
    """Red when: a superseded version prints the recipients of today (I14)."""
    store.poll(timezone.now())
    before = timezone.now()
    change("hosting", name="Hosting SA")
    after = timezone.now() + timedelta(seconds=1)

    names = {
        moment: [row[0] for row in rows("en", moment).values()]
        for moment in (before, after, LONG_AGO)
    }

    assert "Hosting SA" not in names[before]
    assert names[before].count("to be named") == 3
    assert "Hosting SA" in names[after]
    assert names[LONG_AGO] == []


def test_a_change_of_the_registry_changes_the_table() -> None:
    """Red when: the policy still names Google after its last cookie went."""
    assert "Google (Google Analytics)" in str(rows("en"))

    of_analytics = CookieDetails.objects.filter(cookie__cookiegroup__varname="analytics")
    of_analytics.update(is_active=False)
    publish_registry()

    assert "Google (Google Analytics)" not in str(rows("en"))
    assert "Google (Google Ads)" in str(rows("en"))


def test_a_new_setting_changes_the_table_with_the_next_migrate(settings) -> None:
    """Red when: `migrate` keeps no table: `deploy/prepare` runs it after each change of a setting."""
    settings.SENTRY_DSN = "https://key@errors.example/1"

    call_command("migrate", verbosity=0)
    store.poll(timezone.now())

    assert "finding faults of Our Site" in rows("en")


def test_a_writer_who_waited_keeps_what_the_other_one_changed(monkeypatch) -> None:
    """Red when: the rows are read before the lock: the table then lacks what was saved meanwhile."""

    def wait_for_the_other(_objects: object) -> None:
        Recipient.objects.filter(key="mail").update(name="Mail SA")

    monkeypatch.setattr(type(ContentRevision.objects), "bump", wait_for_the_other)
    Recipient.objects.filter(key="hosting").update(name="Hosting SA")

    TABLE.keep(at=timezone.now())

    names = [row["name"] for row in RecipientsSnapshot.objects.first().content["en"]]
    assert names[1:3] == ["Hosting SA", "Mail SA"]


def test_the_same_table_is_kept_once() -> None:
    """Red when: every release stores a row, or lets all processes reload for nothing."""
    before = RecipientsSnapshot.objects.count(), ContentRevision.objects.number()

    TABLE.keep(at=timezone.now())
    TABLE.keep_after_migrate()

    assert (RecipientsSnapshot.objects.count(), ContentRevision.objects.number()) == before
