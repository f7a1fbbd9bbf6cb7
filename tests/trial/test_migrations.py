"""What the migrations do to rows that are there, and to the release before, which still runs."""

from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from privacy.rate_limits import DAY
from tests.factories import make_sign_up, make_trial
from tests.run_once import has_own_database
from tests.running_site import environment, make_database, manage
from trial.models import ConsentWording, MarketingConsent, Objection, SignUp

migration = import_module("trial.migrations.0003_give_addresses_one_form")

OF_MUNICH = "anna@xn--mnchen-3ya.de"


def as_it_was_stored(sign_up: SignUp, address: str) -> SignUp:
    """An earlier release stored what was typed, and compared it casefolded."""
    rows = SignUp.objects.filter(pk=sign_up.pk)
    rows.update(email=address, email_folded=address.casefold())
    return rows.get()


def migrate() -> None:
    migration.give_one_form(apps, None)


def forms(sign_up: SignUp) -> tuple[str, str]:
    sign_up.refresh_from_db()
    return (sign_up.email, sign_up.email_folded)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stored", "in_ascii"),
    [
        ("Anna@Firma.pl", "Anna@firma.pl"),
        ("anna@münchen.de", OF_MUNICH),
        ("anna@mün\u00adchen.de", OF_MUNICH),
        ("anna@ＭÜNCHEN.de", OF_MUNICH),
        ("anna@straße.de", "anna@strasse.de"),  # Python's IDNA, which sent the mail there
        ("anna@firma..pl", "anna@firma..pl"),
        ("anna@" + "ü" * 200 + ".de", "anna@" + "ü" * 200 + ".de"),
    ],
)
@pytest.mark.parametrize("make", [make_sign_up, make_trial])
def test_a_stored_address_becomes_the_one_that_the_mail_server_was_told(
    make, stored: str, in_ascii: str
) -> None:
    """Red when: a mailbox that confirmed a trial is stored as another one."""
    sign_up = as_it_was_stored(make(), stored)

    migrate()

    assert forms(sign_up) == (in_ascii, in_ascii.lower())


@pytest.mark.django_db
@pytest.mark.parametrize("is_first_in_ascii", [True, False])
def test_of_two_trials_of_one_mailbox_both_stay_and_one_is_found(is_first_in_ascii: bool) -> None:
    """Red when: the migration fails on the constraint, or deletes a trial or a proof of consent."""
    in_ascii = as_it_was_stored(make_trial("email", email="a@firma.pl"), OF_MUNICH)
    unicode = as_it_was_stored(make_trial("email", email="b@firma.pl"), "anna@münchen.de")
    third = as_it_was_stored(make_trial(email="c@firma.pl"), "anna@mün\u00adchen.de")
    first = in_ascii if is_first_in_ascii else unicode
    SignUp.objects.filter(pk=first.pk).update(confirmed_at=timezone.now() - DAY)

    migrate()
    migrate()  # nothing changes the second time

    assert forms(in_ascii) == (OF_MUNICH, OF_MUNICH)
    assert forms(unicode) == (OF_MUNICH, "anna@münchen.de")
    assert forms(third) == (OF_MUNICH, "anna@mün\u00adchen.de")
    assert SignUp.objects.trial_of("anna@MÜNCHEN.de") == in_ascii
    assert SignUp.objects.running(at=timezone.now()).count() == 3
    assert MarketingConsent.objects.live("email", at=timezone.now()).count() == 2


@pytest.mark.django_db
def test_of_two_trials_in_old_forms_the_older_one_is_found() -> None:
    """Red when: the order of the rows decides."""
    newer = as_it_was_stored(make_trial(email="a@firma.pl"), "anna@mün\u00adchen.de")
    older = as_it_was_stored(make_trial(email="b@firma.pl"), "anna@münchen.de")
    SignUp.objects.filter(pk=older.pk).update(confirmed_at=timezone.now() - DAY)

    migrate()

    assert SignUp.objects.trial_of(OF_MUNICH) == older
    assert forms(newer) == (OF_MUNICH, "anna@mün\u00adchen.de")


@pytest.mark.django_db
def test_the_last_migration_leaves_nothing_to_migrate() -> None:
    executor = MigrationExecutor(connection)

    assert executor.migration_plan(executor.loader.graph.leaf_nodes("trial")) == []


SIGN_UP = """
from django.utils import timezone
from trial.models import SignUp
SignUp.objects.create(name="A", email="a@firma.pl", company="B", created_at=timezone.now())
SignUp.objects.update(email="anna@münchen.de", email_folded="anna@münchen.de")
"""
LOOK = "from trial.models import SignUp; print(SignUp.objects.values_list('email', 'name').get())"


CONSENT = """
from tests.factories import make_trial
from django.utils import timezone
from trial import actions
from trial.marketing import calls
trial = make_trial("email", "phone", email="anna@firma.pl", phone="+48601234567")
for consent in trial.consents.all():
    calls.confirm_number(consent, at=timezone.now())
    actions.withdraw(consent, method="page", at=timezone.now())
"""
FIND = """
from trial.models import MarketingConsent
print(*[
    MarketingConsent.objects.of_address_or_number(text).count()
    for text in ("Anna@firma.pl", "601234567")
])
"""


@has_own_database
def test_older_proofs_get_the_hashes_of_their_address_and_number(tmp_path: Path) -> None:
    """Red when: 0007 leaves a proof without them, or loses a row."""
    env = environment(tmp_path)
    make_database(env)
    manage("shell", "--verbosity=0", "--command", CONSENT, env=env)

    manage("migrate", "trial", "0006", "--verbosity=0", env=env)
    manage("migrate", "--verbosity=0", env=env)

    found = manage("shell", "--verbosity=0", "--command", FIND, env=env).stdout
    assert found.splitlines()[-1] == "2 1"


STRIKE_OFF = """
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.utils import timezone
from trial.marketing import objections
with connection.cursor() as cursor:
    cursor.execute(
        "INSERT INTO trial_struckoffnumber (key, struck_off_at) VALUES (%s, %s)",
        [objections.keys_of("+48601234567")[0], timezone.now()],
    )
user = User.objects.create_user("kasia", is_staff=True)
user.user_permissions.set(Permission.objects.filter(codename__endswith="struckoffnumber"))
"""
OBJECTIONS = """
from django.contrib.auth.models import Permission, User
from trial.models import Objection
from trial.marketing.objections import keys_of
row = Objection.objects.get(key__in=keys_of("+48601234567"))
print(row.channel, *sorted(User.objects.get().get_all_permissions()))
print(*sorted(Permission.objects.filter(content_type__app_label="trial")
              .filter(content_type__model__in=["objection", "struckoffnumber"])
              .values_list("codename", flat=True)))
"""


@has_own_database
def test_a_number_that_was_struck_off_is_an_objection_to_calls(tmp_path: Path) -> None:
    """Red when: 0008 loses a row or its hash, or a colleague may no longer add numbers."""
    env = environment(tmp_path)
    make_database(env)
    manage("migrate", "trial", "0007", "--verbosity=0", env=env)
    manage("shell", "--verbosity=0", "--command", STRIKE_OFF, env=env)

    manage("migrate", "--verbosity=0", env=env)

    lines = manage("shell", "--verbosity=0", "--command", OBJECTIONS, env=env).stdout.splitlines()
    assert lines[-2:] == [
        "phone trial.add_objection trial.view_objection",
        "add_objection view_objection",
    ]


@pytest.mark.django_db
def test_the_release_before_still_stores_proofs_and_objections() -> None:
    """It runs on these tables during an upgrade. Red when: it does not know a column that must be
    written, or finds no table under the name that it knows."""
    trial = make_trial()
    moment, wording = timezone.now(), ConsentWording.objects.filter(channel="email")[0].pk
    proof = "id, sign_up_id, channel, wording_id, language, given_at, confirmed_at"
    values = [uuid4().hex, trial.pk.hex, "email", wording, "pl", moment, moment]

    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO trial_marketingconsent ({proof}) VALUES (%s, %s, %s, %s, %s, %s, %s)",
            values,
        )
        cursor.execute(
            "INSERT INTO trial_struckoffnumber (key, struck_off_at) VALUES (%s, %s)", ["a", moment]
        )

    assert [*MarketingConsent.objects.of_address(trial.email)] == [*trial.consents.all()]
    assert Objection.objects.get().channel == "phone"


DELETE_THE_PERSON = """
from trial.models import SignUp
SignUp.objects.all().delete()
"""


@has_own_database
def test_no_proof_is_lost_on_the_way_back_to_the_release_before(tmp_path: Path) -> None:
    """Red when: the migration fails with a sentence of the database, or deletes the proof."""
    env = environment(tmp_path)
    make_database(env)
    manage("shell", "--verbosity=0", "--command", CONSENT + DELETE_THE_PERSON, env=env)

    result = manage("migrate", "trial", "0006", "--verbosity=0", env=env, check=False)

    assert "Proofs of consent whose sign-up was deleted: 2." in result.stderr
    assert manage("shell", "--verbosity=0", "--command", FIND, env=env).stdout.split() == ["2", "1"]


@has_own_database
def test_the_migrations_of_the_trial_go_back_and_forth_and_keep_the_rows(tmp_path: Path) -> None:
    env = environment(tmp_path)
    make_database(env)
    manage("shell", "--verbosity=0", "--command", SIGN_UP, env=env)

    manage("migrate", "trial", "0002", "--verbosity=0", env=env)
    manage("migrate", "--verbosity=0", env=env)

    rows = manage("shell", "--verbosity=0", "--command", LOOK, env=env).stdout
    assert rows.splitlines()[-1] == "('anna@xn--mnchen-3ya.de', 'A')"
