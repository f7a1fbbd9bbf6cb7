"""Every page, in both languages and every state, is valid HTML by the Nu HTML checker."""

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from consent.receipts.receipt import receipt_of
from content import store
from content.store import ContentUnavailable
from tests.browser.public_pages import LANGUAGES, path_of, public_pages
from tests.evidence.seal.sealed import make_record
from tests.factories import (
    make_client,
    make_cookie,
    make_sign_up,
    make_sign_up_form,
    make_token_of,
    make_trial,
    post_choice,
    ticked_boxes,
)
from tests.nu_checker import complaints
from tests.privacy.policies.drafts import make_published
from tests.privacy.rights.your_data.open_pages import ask_for_link
from tests.run_once import looks_at_pages

pytestmark = [pytest.mark.django_db, looks_at_pages]

PAGES_OF_NGINX = [*(Path(settings.BASE_DIR) / "deploy" / "nginx_errors").glob("*.html")]
# A visitor with each kind of choice.
VISITORS: dict[str, Callable[[], Client]] = {
    "unasked": Client,
    "refused": lambda: make_client(refused=True),
    "granted": lambda: make_client("preferences", "analytics", "marketing"),
    "signal": lambda: make_client(**{"Sec-GPC": "1"}),
}


def test_every_page_is_valid_html(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red when: a template closes an element that is not open, repeats an id, gives an element the
    role that it has by default, or puts a block into a paragraph."""
    settings.GOOGLE_TAG_ID, settings.GOOGLE_ADS_ID = "G-TEST", "AW-123"
    client = _client_asked_again()
    pages = {}
    for language in LANGUAGES:
        home = path_of("home", language)
        pages[f"{language} home asked again"] = client.get(home)
        pages[f"{language} home asked again, opened"] = client.get(f"{home}?ask=open")
        answers = public_answers(language) | trial_answers(language) | choice_answers(language)
        answers |= data_answers(language)
        pages |= {f"{language} {name}": answer for name, answer in answers.items()}
    publish_versions()
    for language in LANGUAGES:
        answers = version_answers(language)
        pages |= {f"{language} {name}": answer for name, answer in answers.items()}
    for language in LANGUAGES:
        answers = error_answers(language, monkeypatch)
        pages |= {f"{language} {name}": answer for name, answer in answers.items()}

    for name, answer in pages.items():
        assert answer["Content-Type"] == "text/html; charset=utf-8", name
        (tmp_path / f"{name}.html").write_bytes(answer.content)

    for path in PAGES_OF_NGINX:
        shutil.copy(path, tmp_path / f"nginx {path.name}")

    assert complaints(tmp_path) == []
    assert len(pages) >= 200
    assert len(PAGES_OF_NGINX) >= 5


def _client_asked_again() -> Client:
    """A visitor who granted before a cookie was added: the banner says what changed."""
    client = make_client("analytics")
    make_cookie("_new")
    return client


def public_answers(language: str) -> dict[str, Any]:
    """Every address, for each kind of visitor, and with the groups of the banner open."""
    answers = {}
    for page in public_pages(language):
        name = page.path.strip("/").replace("/", "-") or "home"
        for kind, client in VISITORS.items():
            answers[f"{name} {kind}"] = client().get(page.path)
        separator = "&" if "?" in page.path else "?"
        answers[f"{name} opened"] = Client().get(f"{page.path}{separator}ask=open")
        assert {answer.status_code for answer in answers.values()} <= {200, 400, 404, 405}
    for currency in ("EUR", "USD"):
        path = path_of("pricing", language) + f"?currency={currency}"
        answers[f"pricing {currency}"] = Client().get(path)
    return answers


def publish_versions() -> None:
    """A superseded version, one in force, one replaced before its effective date, one announced."""
    now = timezone.now()
    make_published("second", at=now)
    make_published("replaced", at=now, effective_at=now + timedelta(days=30), is_material=True)
    make_published("announced", at=now, effective_at=now + timedelta(days=20), is_material=True)
    store.poll(now)


def version_answers(language: str) -> dict[str, Any]:
    """The policy, its list, each of its versions, and the differences."""
    paths = [path_of(name, language) for name in ("privacy_policy", "privacy_policy_versions")]
    paths += [path_of("privacy_policy_version", language, number=n) for n in (1, 2, 3, 4)]
    paths += [
        path_of("privacy_policy_differences", language, older=older, newer=newer)
        for older, newer in ((1, 2), (2, 4))
    ]
    return {f"{path.strip('/').replace('/', '-')} of several": Client().get(path) for path in paths}


def trial_answers(language: str) -> dict[str, Any]:
    """The pages of a sign-up, their errors, and the pages behind the links in mails."""
    form = path_of("free_trial", language)
    fields = {"language": language, "email": f"{language}@firma.pl"}
    token = make_token_of(make_sign_up(**fields))
    old = make_token_of(make_sign_up(**fields), at=timezone.now() - timedelta(days=3))
    confirm, expired, unknown = (
        path_of("trial_confirm", language, token=value) for value in (token, old, f"{token}x")
    )
    renewed = path_of("trial_new_link", language, token=old)
    consent = make_trial(
        "email", "phone", email=f"b-{language}@firma.pl", language=language
    ).consents.first()
    consents = path_of("trial_consents", language, consent_id=str(consent.pk))
    client = Client()
    return {
        "trial empty": client.post(form, {}),
        "trial wrong": client.post(form, make_sign_up_form(email="<", phone="1", full_name="")),
        "trial wrong and ticked": client.post(
            form, make_sign_up_form(email="<", **ticked_boxes("email", "phone"))
        ),
        "trial sent": client.post(form, make_sign_up_form()),
        "trial unknown": client.get(unknown),
        "trial expired": client.get(expired),
        "trial renewed": client.post(renewed),
        "trial confirm": client.get(confirm),
        "trial confirmed": client.post(confirm, follow=True),
        "trial confirmed again": client.post(confirm),
        "trial confirmed before": client.get(confirm),
        "consents": client.get(consents),
        "consents withdrawn": client.post(consents, {"channel": "email"}),
    }


def data_answers(language: str) -> dict[str, Any]:
    """The pages on which a person asks for their data, sees it and acts on it."""
    start, complaint = (path_of(f"your_data{name}", language) for name in ("", "_complaint"))
    email = f"c-{language}@firma.pl"
    trial = make_trial("email", "phone", email=email, language=language)
    link = ask_for_link(email, language=language)
    client = Client()
    answers = {
        "data empty": client.post(start, {}),
        "data sent": client.post(start, {"email": email}),
        "data by a wrong number": client.post(f"{path_of('your_data_record', language)}", {}),
        "complaint empty": client.post(complaint, {"website": "x"}),
        "complaint": client.post(complaint, {"email": email, "text": "Coś."}),
        "data link": client.get(link),
        "data": client.post(link, follow=True),
        "data link ended": client.get(link),
    }
    page = str(answers["data"].redirect_chain[-1][0])
    below = {
        name: path_of(f"your_data_{name}", language, token=page.rstrip("/").rpartition("/")[2])
        for name in ("correct", "ask", "choose", "erase")
    }
    answers |= {
        "data correction wrong": client.post(below["correct"], {f"sign-up-{trial.pk}-company": ""}),
        "data question wrong": client.post(below["ask"], {}),
        "data asked": client.post(below["ask"], {"kind": "access", "text": "?"}, follow=True),
        "data choice unknown": client.post(below["choose"], {}),
        "data restricted": client.post(below["choose"], {"do": "restrict"}, follow=True),
        "data stopped": client.post(below["choose"], {"do": "stop-email"}, follow=True),
        "data erase": client.get(below["erase"]),
        "data erasing": client.post(below["erase"], follow=True),
    }
    return answers


def choice_answers(language: str) -> dict[str, Any]:
    """The answers of the cookie page to a form."""
    path = path_of("cookies", language)
    receipt, check = path_of("receipt", language), path_of("check_receipt", language)
    record = make_record(language=language)
    return {
        "receipt": Client().post(receipt, {"number": str(record.pk)}),
        "receipt unknown": Client().post(receipt, {"number": "x"}),
        "receipt checked": Client().post(check, {"receipt": json.dumps(receipt_of(record))}),
        "receipt unreadable": Client().post(check, {"receipt": "x"}),
        "cookies withdrawn": post_choice(make_client("analytics"), "reject", path=path),
        "cookies outdated": post_choice(Client(), "accept", path=path, notice="0" * 16),
        "cookies unreadable": post_choice(Client(), "nothing", path=path),
    }


def error_answers(language: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The error pages that no address leads to."""
    home = path_of("home", language)
    client = Client(raise_request_exception=False)
    answers = {"405": client.put(home)}
    answers["403 forged"] = Client(enforce_csrf_checks=True).post(
        path_of("cookies", language), headers={"Sec-Fetch-Site": "cross-site"}
    )
    answers["400 host"] = client.get(home, headers={"Host": "evil.example"})
    for name, error in {"403": PermissionDenied(), "500": RuntimeError("defect")}.items():
        with monkeypatch.context() as patch:
            patch.setattr("voipstudio.pages.views.currency_of", _raise(error))
            answers[name] = client.get(home)
    with monkeypatch.context() as patch:
        patch.setattr(store, "current", _raise(ContentUnavailable()))
        answers["503"] = client.get(path_of("privacy_policy", language))
    assert [answer.status_code for answer in answers.values()] == [405, 403, 400, 403, 500, 503]
    return answers


def _raise(error: Exception) -> Callable[..., Any]:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise error

    return fail
