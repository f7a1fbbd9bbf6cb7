"""Passkeys: only the right answer to the challenge of this moment, of this site, lets in."""

import json
import random
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from tests.run_once import has_own_database
from tests.running_site import ROOT, environment, make_database
from tests.voipstudio.accounts.authenticator import Authenticator, challenge_of
from tests.voipstudio.accounts.people import (
    CODES,
    SECOND_STEP,
    SETUP,
    is_inside,
    make_person,
    signed_in,
)
from voipstudio.accounts import passkeys
from voipstudio.accounts.models import Passkey
from voipstudio.accounts.sessions import SessionStore

pytestmark = pytest.mark.django_db

SITE, ORIGIN = "voipstudio.pl", "https://voipstudio.pl"


@pytest.fixture(autouse=True)
def named_site(settings: Any) -> None:
    settings.HAS_PASSKEYS, settings.SITE_HOST, settings.SITE_ORIGIN = True, SITE, ORIGIN


def new_authenticator(**place: str) -> Authenticator:
    return Authenticator(**{"site": SITE, "origin": ORIGIN} | place)


def options_to_add(client: Client) -> dict[str, Any]:
    options: dict[str, Any] = client.post(f"{SETUP}passkey/options/").json()
    return options


def options_to_sign_in(client: Client) -> dict[str, Any]:
    options: dict[str, Any] = client.post(f"{SECOND_STEP}passkey/options/").json()
    return options


def add(client: Client, authenticator: Authenticator, *, name: str = "laptop") -> Any:
    answer = authenticator.create(options_to_add(client))
    return client.post(f"{SETUP}passkey/", {"answer": answer, "passkey_name": name})


def sign_in(client: Client, authenticator: Authenticator) -> Any:
    answer = authenticator.get(options_to_sign_in(client))
    return client.post(f"{SECOND_STEP}passkey/", {"answer": answer})


@pytest.fixture
def laptop() -> Authenticator:
    """A passkey of Anna, who is not signed in any more."""
    make_person()
    authenticator = new_authenticator()
    assert add(signed_in(), authenticator).status_code == 200
    return authenticator


def test_a_passkey_is_added_and_opens_the_admin_that_requires_it(settings) -> None:
    settings.SECOND_STEP_REQUIRED = True
    user = make_person()
    client = signed_in()

    response = add(client, new_authenticator(), name="  laptop\x00 ")

    assert response.json() == {"next": CODES}
    assert is_inside(client)
    passkey = Passkey.objects.get()
    assert (passkey.user, passkey.name, passkey.transports) == (user, "laptop", ["internal"])


def test_a_passkey_lets_in_and_leads_to_the_page_that_was_asked_for(laptop) -> None:
    client = signed_in()
    assert not is_inside(client)

    response = sign_in(client, laptop)

    assert response.json() == {"next": "/admin/"}
    assert is_inside(client)
    assert Passkey.objects.get().sign_count == 1
    assert Passkey.objects.get().last_used_at is not None


def test_the_options_hold_nothing_of_the_person_but_the_name(laptop) -> None:
    options = options_to_add(signed_in_with(laptop))

    assert options["rp"] == {"id": SITE, "name": SITE}
    assert options["user"]["name"] == "anna"
    assert len(challenge_of(options)) == 32
    assert [each["transports"] for each in options["excludeCredentials"]] == [["internal"]]


def signed_in_with(authenticator: Authenticator) -> Client:
    client = signed_in()
    assert sign_in(client, authenticator).status_code == 200
    return client


def test_an_answer_is_good_once(laptop) -> None:
    """Red when: the challenge stays in the session after the answer."""
    client = signed_in()
    answer = laptop.get(options_to_sign_in(client))

    assert client.post(f"{SECOND_STEP}passkey/", {"answer": answer}).status_code == 200
    other = signed_in(address="198.51.100.7")
    assert other.post(f"{SECOND_STEP}passkey/", {"answer": answer}).status_code == 422
    options_to_sign_in(other)
    assert other.post(f"{SECOND_STEP}passkey/", {"answer": answer}).status_code == 422
    assert not is_inside(other)


def test_a_wrong_answer_uses_the_challenge_up(laptop) -> None:
    client = signed_in()
    options = options_to_sign_in(client)

    assert client.post(f"{SECOND_STEP}passkey/", {"answer": "{}"}).status_code == 422
    answer = laptop.get(options)
    assert client.post(f"{SECOND_STEP}passkey/", {"answer": answer}).status_code == 422


def test_an_answer_is_good_for_five_minutes(laptop) -> None:
    """Red when: nothing looks at the time of the challenge."""
    for seconds, status in ((299, 200), (301, 422)):
        client = signed_in()
        options = options_to_sign_in(client)
        with time_machine.travel(timezone.now() + timedelta(seconds=seconds)):
            answer = {"answer": laptop.get(options)}
            assert client.post(f"{SECOND_STEP}passkey/", answer).status_code == status


@pytest.mark.parametrize(
    "place", [{"origin": "https://evil.example"}, {"origin": "http://voipstudio.pl"}, {"site": "x"}]
)
def test_an_answer_from_a_page_of_another_site_is_refused(laptop, place) -> None:
    """Phishing. Red when: origin or site are not compared."""
    for name, value in place.items():
        setattr(laptop, name, value)
    client = signed_in()

    assert sign_in(client, laptop).status_code == 422
    assert not is_inside(client)


def test_a_passkey_that_is_made_on_another_site_is_not_added() -> None:
    make_person()

    response = add(signed_in(), new_authenticator(origin="https://evil.example"))

    assert response.status_code == 422
    assert not Passkey.objects.exists()


def test_the_passkey_of_a_colleague_lets_nobody_in(laptop) -> None:
    """Red when: the passkey is looked up without its person."""
    make_person("jan")
    assert add(signed_in("jan"), new_authenticator()).status_code == 200
    client = signed_in("jan")

    assert sign_in(client, laptop).status_code == 422
    assert not is_inside(client)


def test_a_passkey_is_added_once_only(laptop) -> None:
    """Red when: a colleague claims the passkey of another, and the unique key answers 500."""
    make_person("jan")

    assert add(signed_in("jan"), laptop).status_code == 422
    assert Passkey.objects.get().user.username == "anna"


def test_a_copied_passkey_is_noticed_by_its_count(laptop) -> None:
    """WebAuthn, 6.1.1. Red when: the count of signatures is not stored."""
    assert sign_in(signed_in(), laptop).status_code == 200
    laptop.sign_count = 0

    assert sign_in(signed_in(), laptop).status_code == 422


def test_a_challenge_to_add_is_none_to_sign_in(laptop) -> None:
    """Red when: the session does not know what it asked for."""
    user = User.objects.get()
    session = SessionStore()
    challenge = passkeys.options_to_add(session, user, at=timezone.now())

    with pytest.raises(passkeys.WrongAnswer):
        passkeys.passkey_that_signed(session, user, answer=laptop.get(challenge), at=timezone.now())


def test_a_second_passkey_leads_back_to_the_overview(laptop) -> None:
    client = signed_in_with(laptop)
    client.post(CODES)

    assert add(client, new_authenticator(), name="").json() == {"next": SETUP}
    assert Passkey.objects.last().name == "Klucz dostępu"


MALFORMED = (
    "", "null", "[]", "1", '"x"', "{", "{}", '{"id": 1}', '{"id": null}', '{"id": "\\ud800"}',
    '{"id": "a\\u0000"}', "[" * 100_000, '{"id": "' + "a" * 5000 + '"}',
)  # fmt: skip


@pytest.mark.parametrize("answer", MALFORMED, ids=lambda answer: answer[:12])
def test_a_malformed_answer_is_refused(laptop, answer: str) -> None:
    """Red when: `_wrong_answers` leaves an error of the parser out: the answer is 500."""
    client = signed_in()
    options_to_sign_in(client)
    assert client.post(f"{SECOND_STEP}passkey/", {"answer": answer}).status_code == 422

    client = signed_in_with(laptop)
    options_to_add(client)
    assert client.post(f"{SETUP}passkey/", {"answer": answer}).status_code == 422
    assert Passkey.objects.count() == 1


def test_a_damaged_answer_is_never_an_error_of_the_server(laptop) -> None:
    """Fifty answers with one changed part each. Red when: an error is not caught."""
    chance = random.Random(7)
    client, inside = signed_in(), signed_in_with(laptop)
    for _round in range(25):
        answer = json.loads(laptop.get(options_to_sign_in(client)))
        damaged = {"answer": json.dumps(_damaged(answer, chance))}
        assert client.post(f"{SECOND_STEP}passkey/", damaged).status_code == 422
        answer = json.loads(new_authenticator().create(options_to_add(inside)))
        damaged = {"answer": json.dumps(_damaged(answer, chance))}
        assert inside.post(f"{SETUP}passkey/", damaged).status_code in {200, 422}
    assert not is_inside(client)


def _damaged(answer: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """One value of an answer is missing, of another kind, or has other bytes."""
    response = answer["response"]
    part = chance.choice([answer, response, response, response])
    name = chance.choice([name for name in part if name not in {"transports", "response"}])
    kinds = [
        None,
        7,
        [],
        {},
        "",
        "!",
        "ż",
        part[name][:-4],
        "A" + part[name][1:],
        part[name] + "AAAA",
    ]
    part[name] = chance.choice([kind for kind in kinds if kind != part[name]])
    return answer


@has_own_database
def test_public_pages_do_not_pay_for_passkeys(tmp_path) -> None:
    """Red when: a module of the site imports `webauthn` at the start: 14 MB in each process."""
    code = (
        "import sys; from django.core.wsgi import get_wsgi_application as a; a();"
        "from django.conf import settings; settings.CONTENT_IS_POLLED_BY_HAND = True;"
        "from django.urls import get_resolver, reverse; reverse('home'); reverse('admin:login');"
        "from django.test import Client; c = Client(headers={'Host': '127.0.0.1'});"
        "print(c.get('/admin/login/').status_code, c.get('/healthz').status_code);"
        "print(sorted({m.partition('.')[0] for m in sys.modules}"
        " & {'webauthn', 'cryptography', 'OpenSSL', 'cbor2'}))"
    )
    env = environment(tmp_path, DJANGO_SETTINGS_MODULE="voipstudio.settings")
    make_database(env)
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120
    )

    assert result.stdout.splitlines() == ["200 200", "[]"], result.stderr
