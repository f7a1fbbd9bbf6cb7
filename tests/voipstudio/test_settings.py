"""Invalid settings stop every command by name, and an https origin turns on all of HTTPS."""

import json
from pathlib import Path

import pytest

from tests.run_once import has_own_database
from tests.running_site import environment, make_database, manage

pytestmark = has_own_database

VISIT = """
import json
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client
from django.conf import settings
from tests.factories import make_form

def cookie(response):
    return {
        key: [bool(morsel["secure"]), bool(morsel["httponly"]), morsel["samesite"], morsel["path"],
              morsel["domain"]]
        for key, morsel in response.cookies.items()
    }

settings.CONTENT_IS_POLLED_BY_HAND = True
client = Client(headers={"Host": "voipstudio.pl"})
plain = client.get("/cennik/?gclid=a")
page = client.get("/cennik/", secure=True)
choice = client.post(
    "/cookies/", make_form("accept"), content_type="application/x-www-form-urlencoded", secure=True,
    headers={"Sec-Fetch-Site": "same-origin"}, REMOTE_ADDR="81.2.69.142",
)
user = get_user_model().objects.create_superuser("anna", password="for-tests-only")
staff = Client(headers={"Host": "voipstudio.pl"})
login = staff.post(
    "/admin/login/?next=/admin/", {"username": "anna", "password": "for-tests-only"}, secure=True
)
stylesheet = client.get(staticfiles_storage.url("css/site.css"), secure=True)
health = Client(headers={"Host": "voipstudio.pl"}).get("/healthz")
print(json.dumps({
    "redirect": [plain.status_code, plain["Location"]],
    "plain_cookies": cookie(plain),
    "hsts": page["Strict-Transport-Security"],
    "canonical": b'<link rel="canonical" href="https://voipstudio.pl/cennik/">' in page.content,
    "choice": cookie(choice),
    "login": cookie(login),
    "password": user.password.split("$")[0],
    "stylesheet": [stylesheet.status_code, stylesheet["Cache-Control"]],
    "health": health.status_code,
    "table": b"__Host-l7_choice" in client.get("/cookies/", secure=True).content,
}))
"""


@pytest.mark.parametrize(
    "origin",
    [
        "voipstudio.pl",
        "//voipstudio.pl",
        "ftp://voipstudio.pl",
        "https://",
        "https://voipstudio.pl/",
        "https://voipstudio.pl/pl",
        "https://voipstudio.pl?x=1",
        "https://voipstudio.pl#x",
        "https://user:secret@voipstudio.pl",
        "https://voipstudio.pl:port",
        "javascript:alert(1)",
    ],
)
def test_an_origin_that_is_not_scheme_and_host_alone_is_refused(
    tmp_path: Path, origin: str
) -> None:
    """Red when: settings.py lets a path, a query or a user through."""
    result = manage("check", env=environment(tmp_path, SITE_ORIGIN=origin), check=False)

    assert result.returncode != 0
    assert "SITE_ORIGIN is" in result.stderr
    assert "as in https://voipstudio.pl" in result.stderr


@pytest.mark.parametrize(
    "origin", ["https://voipstudio.pl", "http://127.0.0.1:8000", "https://voipstudio.pl:8443"]
)
def test_a_good_origin_is_accepted(tmp_path: Path, origin: str) -> None:
    assert manage("check", env=environment(tmp_path, SITE_ORIGIN=origin)).returncode == 0


@pytest.mark.parametrize("number", ["one", "-1", "1.5"])
def test_an_invalid_number_of_proxies_is_refused_by_name(tmp_path: Path, number: str) -> None:
    """Red when: a negative number is taken, which would count hops from the left."""
    result = manage("check", env=environment(tmp_path, TRUSTED_PROXIES=number), check=False)

    assert result.returncode != 0
    assert f"TRUSTED_PROXIES is '{number}'" in result.stderr


def test_the_secret_key_has_no_default(tmp_path: Path) -> None:
    """Red when: SECRET_KEY has a default."""
    env = environment(tmp_path)
    del env["SECRET_KEY"]

    result = manage("check", env=env, check=False)

    assert result.returncode != 0
    assert "SECRET_KEY" in result.stderr


@pytest.mark.parametrize("key", ["GOOGLE_TAG_ID", "GOOGLE_ADS_ID"])
def test_a_wrong_google_id_stops_every_command(tmp_path: Path, key: str) -> None:
    result = manage("migrate", "--plan", env=environment(tmp_path, **{key: "GTM-1"}), check=False)

    assert result.returncode != 0
    assert "consent.E00" in result.stderr


@pytest.fixture(scope="module")
def https(tmp_path_factory) -> dict[str, object]:
    """The answers of a site whose origin is https://voipstudio.pl."""
    env = environment(tmp_path_factory.mktemp("https"), SITE_ORIGIN="https://voipstudio.pl")
    make_database(env)
    answers: dict[str, object] = json.loads(
        manage("shell", "--verbosity=0", "--command", VISIT, env=env).stdout.splitlines()[-1]
    )
    return answers


def test_over_http_a_visitor_is_sent_to_https_and_gets_no_cookie(https) -> None:
    """Red when: SECURE_SSL_REDIRECT is off."""
    assert https["redirect"] == [301, "https://voipstudio.pl/cennik/?gclid=a"]
    assert https["plain_cookies"] == {}


def test_hsts_lasts_a_year(https) -> None:
    assert https["hsts"] == "max-age=31536000"


def test_the_choice_cookie_is_bound_to_the_host_and_others_are_secure(https) -> None:
    """RFC 6265bis, 4.1.3.2: __Host- needs Secure, no Domain and Path=/. Red when: either is not."""
    assert https["choice"] == {
        "__Host-l7_choice": [True, True, "Lax", "/", ""],
        "L7_geoip": [True, True, "Lax", "/", ""],
    }


def test_the_cookies_of_staff_are_bound_to_the_host(https) -> None:
    """Red when: SESSION_COOKIE_SECURE or CSRF_COOKIE_SECURE is off."""
    bound = [True, True, "Lax", "/", ""]
    assert https["login"] == {"__Host-csrftoken": bound, "__Host-sessionid": bound}


def test_a_password_is_kept_as_an_argon2_hash(https) -> None:
    """The tests use a cheap hasher. Red when: settings.py names another hasher."""
    assert https["password"] == "argon2"


def test_a_static_file_is_found_without_a_look_at_the_disk(https) -> None:
    """The tests look for each file again. Red when: WHITENOISE_AUTOREFRESH is on."""
    assert https["stylesheet"] == [200, "max-age=315360000, public, immutable"]


def test_pages_name_their_https_address_and_the_cookie_by_its_real_name(https) -> None:
    assert https["canonical"] is True
    assert https["table"] is True


def test_a_health_probe_over_http_is_not_redirected(https) -> None:
    assert https["health"] == 200
