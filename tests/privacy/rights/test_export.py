"""The export holds all of one person, and nothing of anybody else."""

import json
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.utils import timezone

from privacy.models import Recipient
from privacy.rights.export import export
from privacy.rights.map.declarations import Person, PersonalData
from privacy.rights.map.register import all_declared
from tests.privacy.rights.somebody import make_somebody
from tests.voipstudio.accounts.people import make_person

pytestmark = pytest.mark.django_db

OF_OTHERS = "nie pokazujemy, bo dotyczy kogoś innego"


@pytest.fixture(autouse=True)
def hand_over(settings) -> None:
    settings.PROVISIONING_URL = "https://phone.example.com/trials"


def counts() -> dict[str, int]:
    return {data.table: data.model._default_manager.count() for data in all_declared()}


def exported(person: Person) -> dict[str, Any]:
    return export(person, at=timezone.now())


def tables(person: Person) -> dict[str, dict[str, Any]]:
    return {table["table"]: table for table in exported(person)["tables"]}


def test_the_export_holds_every_row_of_a_person_in_every_table() -> None:
    """Red when: a model is declared whose rows nobody finds, or a finder misses one of them."""
    before = counts()
    somebody = make_somebody("ola", phone="+48221111111")
    # A sign-up and a choice are also counted for their network, by which no person is found.
    new = {name: number - before[name] for name, number in counts().items()}
    new["privacy_ratecount"] -= 2

    found = tables(somebody.person)

    assert {name: len(table["rows"]) for name, table in found.items()} == new
    assert all(new.values())
    assert list(found) == sorted(found)


def test_a_row_of_the_export_holds_every_field_and_the_export_says_what_it_is() -> None:
    """Red when: the export leaves out a field, or the reason, the basis or the period of a table."""
    found = tables(make_somebody("ola", phone="+48221111111").person)

    for data in all_declared():
        table = found[data.table]
        names = {field.name for field in data.model._meta.concrete_fields}
        assert all({*row} == names for row in table["rows"])
        assert {*table["fields"]} == names
        assert all([*table["fields"].values(), table["purpose"], *table["kept"]])
        assert table["basis"]["article"].endswith("RODO")


def test_the_export_is_plain_data_with_the_values_of_the_database() -> None:
    somebody = make_somebody("ola", phone="+48221111111")

    plain = json.loads(json.dumps(exported(somebody.person)))

    [table] = [table for table in plain["tables"] if table["table"] == "trial_signup"]
    [row] = table["rows"]
    assert row["email"] == "ola@example.com"
    assert row["phone"] == "+48 22 111 11 11"
    assert row["attribution"]["parameters"] == {"gclid": "ola click"}
    assert row["email_wording"].startswith("e-mail")
    assert row["policy_version"] is None


def test_the_export_names_who_gets_the_data_and_why_it_may_leave_the_eea() -> None:
    """GDPR Art. 15(1)(c) and (2). Red when: a recipient of a table is left out, or its safeguard."""
    Recipient.objects.filter(key="mail").update(
        name="Mail SA", country="US", safeguard_pl="klauzule", safeguard_en="clauses"
    )

    found = tables(make_somebody("ola", phone="+48221111111").person)["privacy_mail"]

    unnamed, mail = found["recipients"]
    assert unnamed.startswith("nazwa do uzupełnienia (")
    assert mail == "Mail SA, podmiot przetwarzający"
    assert found["transfers"][1] == f"{mail}: Stany Zjednoczone, klauzule"


def test_nothing_of_a_second_person_appears() -> None:
    """Red when: a finder returns rows of others, or a row shows whom it points to."""
    ola = make_somebody("ola", phone="+48221111111")
    before = exported(ola.person)
    ela = make_somebody("ela", phone="+48222222222")

    after = exported(ola.person)
    of_ela = json.dumps(exported(ela.person), ensure_ascii=False)

    assert after["tables"] == before["tables"]
    assert [word for word in ela.words if word in json.dumps(after, ensure_ascii=False)] == []
    assert [word for word in ola.words if word in of_ela] == []


def test_history_names_neither_a_colleague_nor_whom_else_a_row_is_about() -> None:
    """Red when: a person reads which colleague worked on their row, or a colleague reads whose."""
    ola = make_somebody("ola", phone="+48221111111")
    ela = make_somebody("ela", phone="+48222222222")
    entry = LogEntry.objects.get(object_id__in=ola.words)
    entry.user = User.objects.get(username="user-ela")
    entry.save()

    [about_ola] = tables(ola.person)["django_admin_log"]["rows"]
    [by_ela] = [
        row for row in tables(ela.person)["django_admin_log"]["rows"] if row["id"] == entry.pk
    ]

    assert (about_ola["object_id"], about_ola["user"]) == (entry.object_id, OF_OTHERS)
    assert by_ela["user"] == entry.user.pk
    hidden = (by_ela["object_id"], by_ela["object_repr"], by_ela["change_message"])
    assert hidden == (OF_OTHERS, OF_OTHERS, OF_OTHERS)


@pytest.mark.parametrize(
    "data", [each for each in all_declared() if each.secrets], ids=lambda data: data.table
)
def test_what_protects_an_account_is_named_without_its_value(data: PersonalData) -> None:
    """Red when: an export that is stolen opens the admin."""
    [row] = tables(make_somebody("ola", phone="+48221111111").person)[data.table]["rows"]

    assert {row[name] for name in data.secrets} == {"nie pokazujemy, bo chroni konto"}


def test_an_empty_address_finds_nobody() -> None:
    """Red when: an account without an address belongs to everybody without one."""
    make_somebody("ola", phone="+48221111111")
    make_person("nobody", email="")

    assert exported(Person(""))["tables"] == []


def test_records_of_a_browser_are_found_from_any_of_them() -> None:
    somebody = make_somebody("ola", phone="+48221111111")
    [first] = somebody.person.record_ids
    last = next(
        row["id"]
        for row in tables(somebody.person)["consent_consentrecord"]["rows"]
        if row["id"] != str(first)
    )

    found = tables(Person("", frozenset({last})))

    assert {row["id"] for row in found["consent_consentrecord"]["rows"]} == {str(first), last}
    # And who read them.
    assert {*found} == {"consent_consentrecord", "privacy_personnumber", "privacy_reading"}
