"""Whatever a person types into the address bar of the admin, the answer is a page, not a fault.

`ADMIN_FUZZ_REQUESTS=5000` runs the long form.
"""

import logging
import os
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import URLResolver, get_resolver

from privacy.models import PolicyVersion
from privacy.roles import EDITORS
from voipstudio.web import admin_lists

pytestmark = pytest.mark.django_db

REQUESTS = int(os.environ.get("ADMIN_FUZZ_REQUESTS", "300"))
VALUES = (
    "1", "0", "-1", "007", "1.5", "1e99", "NaN", "٣", "9" * 11, "9" * 19, "9" * 30, "9" * 5000,
    "zz", "pl", "en", "_", "_5F", "%00", "\x00", "ż", "a" * 3000, "2026-13-99", "0001-01-01",
    "9999-12-31T23:59", "True", "'", "[", "\\",
)  # fmt: skip
LOOKUPS = (
    "", "exact", "gte", "lt", "in", "range", "isnull", "year", "month", "day", "week_day", "hour",
    "date", "regex", "contains", "nothing",
)  # fmt: skip
PARAMETERS = ("p", "o", "q", "all", "e", "_popup", "_to_field", "_facets", "_changelist_filters")
FIELDS = ("revision", "effective_at", "policy", "then", "checked", "note", "action", "_save")


def _routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, route)
        elif "logout" not in route and "^" not in route:
            yield f"/{route}"


def _admin_routes() -> list[str]:
    return [route for route in _routes(get_resolver()) if route.startswith("/admin/")]


def _path(chance: random.Random) -> str:
    """A route of the admin whose holes are filled: half of the first ones by a row that exists."""
    route = chance.choice(_admin_routes())
    if chance.random() < 0.5:
        version = str(PolicyVersion.objects.values_list("pk", flat=True)[0])
        route = re.sub(r"<[^>]+>", version, route, count=1)
    return re.sub(r"<[^>]+>", lambda _hole: chance.choice(VALUES), route)


def _query(chance: random.Random) -> tuple[str, dict[str, str]]:
    """A list of rows with a lookup that Django allows there, or with a parameter of its own."""
    model, rows = chance.choice([*admin.site._registry.items()])
    address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    filters = [str(each[0] if isinstance(each, tuple) else each) for each in rows.list_filter]
    names = [*filters, *filter(None, [rows.date_hierarchy]), "id", "pk"]
    name = "__".join(filter(None, [chance.choice(names), chance.choice(LOOKUPS)]))
    name = name if chance.random() < 0.8 else chance.choice(PARAMETERS)
    return address, {name: chance.choice(VALUES)}


def _form(chance: random.Random) -> dict[str, Any]:
    section = f"section_{chance.choice(VALUES)}_{chance.choice(['pl', 'en', 'zz'])}"
    form = {chance.choice([*FIELDS, section]): chance.choice(VALUES)}
    return form if chance.random() < 0.2 else {"revision": "0"} | form


@pytest.mark.parametrize("who", ["superuser", "editor"])
def test_no_address_of_the_admin_answers_with_a_server_error(who: str) -> None:
    """Red when: a view makes a number, a day or a language of anything that it is sent."""
    logging.getLogger("django").setLevel(logging.CRITICAL)
    user = User.objects.create_user("x", is_staff=True, is_superuser=who == "superuser")
    user.groups.set(Group.objects.filter(name=EDITORS))
    client = Client(raise_request_exception=False)
    chance = random.Random(who)
    faults = []
    statuses = set()
    for _ in range(REQUESTS // 2):
        # What a request changes is taken back: the superuser can delete their own account.
        with transaction.atomic():
            client.force_login(user)
            match chance.choice(["path", "query", "query", "form"]):
                case "path":
                    sent: Any = (_path(chance), {})
                    response = client.get(*sent)
                case "query":
                    sent = _query(chance)
                    response = client.get(*sent)
                case _:
                    sent = (_path(chance), _form(chance))
                    response = client.post(*sent)
            transaction.set_rollback(True)
        statuses.add(response.status_code)
        if response.status_code >= 500:
            faults.append(
                (sent, response.status_code, repr(getattr(response, "exc_info", ""))[:200])
            )
    logging.getLogger("django").setLevel(logging.NOTSET)

    assert faults == []
    assert {200, 302} <= statuses


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/admin/trial/signup/?created_at__year=99999999999", 400),
        ("/admin/trial/signup/?created_at__year=2026&created_at__month=13", 200),
        ("/admin/privacy/policyversion/?policy__range=x", 400),
        ("/admin/voipstudio/page/?pk__range=9999999999999999999", 400),
        ("/admin/privacy/policyversion/?policy__regex=[", 400),
        ("/admin/privacy/policyversion/1/page/zz/", 404),
        ("/admin/privacy/policyversion/01/page/pl/", 200),
        (f"/admin/privacy/policyversion/{'9' * 5000}/page/pl/", 200),
        ("/admin/privacy/policyversion/999999999/change/", 404),
    ],
)
def test_what_nobody_can_mean_is_answered_with_a_sentence(
    admin_client, address: str, status: int
) -> None:
    """Django answers some with its list of rows and a message. Red when: an error is not caught."""
    response = admin_client.get(address, follow=True)

    assert response.status_code == status
    assert "<h1" in response.content.decode()


def test_a_section_with_a_number_of_5000_digits_is_no_section(admin_client) -> None:
    """Red when: the form makes a number of anything that a field's name holds."""
    version = PolicyVersion.objects.latest("pk")
    form = {f"section_{'9' * 5000}_pl": "x", "section_٣_pl": "x", "revision": "0"}

    for page in ("check", "change"):
        address = f"/admin/privacy/policyversion/{version.pk}/{page}/"
        assert admin_client.post(address, form).status_code < 500


def test_a_fault_of_ours_stays_a_server_error(admin_client, monkeypatch) -> None:
    """Red when: any error of a page of the admin is taken for a bad address."""
    monkeypatch.setattr(PolicyVersion, "state", property(lambda self: {}["x"]))
    admin_client.raise_request_exception = False

    assert admin_client.get("/admin/privacy/policyversion/").status_code == 500


@pytest.mark.parametrize("query", ["", "?policy=privacy", "?policy__exact=privacy"])
@pytest.mark.parametrize(
    "error", [KeyError("secret"), ValueError("secret"), OverflowError("secret")]
)
def test_a_fault_of_ours_on_a_list_with_a_query_is_a_server_error_with_its_traceback(
    admin_client, monkeypatch, caplog, query: str, error: Exception
) -> None:
    """Red when: any error of a list whose address has a query is taken for a bad lookup."""

    def fail(_version: PolicyVersion, **_moment: Any) -> str:
        raise error

    monkeypatch.setattr(PolicyVersion, "state", fail)
    monkeypatch.setattr(logging.getLogger("django"), "propagate", True)
    admin_client.raise_request_exception = False

    response = admin_client.get(f"/admin/privacy/policyversion/{query}", {})

    assert response.status_code == 500
    assert any(record.exc_info and record.exc_info[1] is error for record in caplog.records)


def test_a_bad_lookup_is_logged_with_its_place_and_without_its_value(admin_client, caplog) -> None:
    """I21: no line holds a query. Red when: the log has the text of the error, or no traceback."""
    response = admin_client.get("/admin/privacy/policyversion/?policy__range=s3cret")

    assert response.status_code == 400
    assert "get_results" in caplog.text
    assert "s3cret" not in "".join(
        record.getMessage()
        for record in caplog.records
        if record.name == "voipstudio.web.error_pages"
    )


def test_a_table_that_is_missing_is_no_bad_lookup() -> None:
    """A release without its migrations. Red when: every error of SQLite is taken for a bad value."""
    with pytest.raises(DatabaseError) as missing, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nothing_here")

    assert not admin_lists._is_of_a_value(missing.value)
