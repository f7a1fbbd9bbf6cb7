"""The page of one record: the answer, the chain, and whether all of it still holds."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import ConsentRecord
from consent.records.record_hash import hash_of
from consent.staff import evidence_file
from privacy.models import Reading
from tests.consent.staff.asked import make_record, shown_address
from tests.evidence.seal.sealed import make_record as make_bare_record
from tests.evidence.seal.sealed import seal
from tests.factories import make_client, make_cookie, post_choice
from tests.pages import Page
from tests.privacy.policies.drafts import make_published
from tests.staff import make_staff
from tests.tampering import tampered

pytestmark = pytest.mark.django_db

CHANGED = "treść nie jest taka, jaką zapisano"


def page_of(record: ConsentRecord) -> str:
    return reverse("admin:consent_consentrecord_change", args=[record.pk])


def alerts(client: Client, record: ConsentRecord) -> list[str]:
    return [e.text for e in Page(client.get(page_of(record)).content).with_class("errornote")]


def test_the_page_frames_what_was_asked_in_its_place_and_language(admin_client) -> None:
    """Red when: the page frames the other place, or the language of the admin."""
    banner, page = make_record(language="en"), make_record(place="cookie-page")

    frames = [
        [frame["src"] for frame in Page(admin_client.get(page_of(row)).content).all("iframe")]
        for row in (banner, page)
    ]

    policies = [f"/admin/consent/consentrecord/{row.pk}/policy/" for row in (banner, page)]
    assert frames == [
        [*(shown_address(banner, part) for part in ("banner", "groups", "cookies")), policies[0]],
        [*(shown_address(page, part) for part in ("cookie-page", "cookies")), policies[1]],
    ]


def test_a_frame_runs_nothing_and_the_page_may_hold_only_our_own(admin_client) -> None:
    """Red when: a frame lacks `sandbox`, or the page may frame another site."""
    response = admin_client.get(page_of(make_record()))

    assert {e["sandbox"] for e in Page(response.content).all("iframe")} == {"allow-same-origin"}
    assert "frame-src 'self'" in response["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def test_the_answer_has_the_names_that_the_groups_had(admin_client) -> None:
    record = make_record("reject")

    html = admin_client.get(page_of(record)).text

    assert "odmowa na wszystko, co opcjonalne" in html
    assert "Preferencje, Analityczne, Marketingowe" in html


def test_the_chain_of_a_browser_is_shown_with_links(admin_client) -> None:
    """Red when: `chain_of` leaves out what a record supersedes, or what supersedes it."""
    client = make_client()
    for choice in ("accept", "accept", "reject"):
        post_choice(client, choice)
    first, second, last = ConsentRecord.objects.order_by("stored_at")
    make_record()

    links = [*Page(admin_client.get(page_of(second)).content).links]

    assert [link for link in links if "/consentrecord/" in link and "change" in link] == [
        page_of(first),
        page_of(last),
    ]


def test_a_record_whose_earlier_one_is_gone_says_so(admin_client) -> None:
    """Red when: the page takes the missing record for the first of its chain."""
    gone = "11111111-1111-4111-8111-111111111111"
    record = make_bare_record(supersedes_id=gone)

    html = admin_client.get(page_of(record)).text

    assert "Zapisu, który ten zastąpił, już nie ma" in html
    assert gone not in html


def test_a_refusal_without_a_notice_says_why_there_is_nothing_to_show(admin_client) -> None:
    """Red when: the page of such a record fails, or is silent about it."""
    record = make_bare_record()

    response = admin_client.get(page_of(record))

    assert "Ta odmowa nie wskazuje treści pytania" in response.text
    assert "Żadna wersja nie obowiązywała" in response.text
    assert Page(response.content).all("iframe") == []


def test_a_visitor_who_was_asked_again_read_why(admin_client) -> None:
    """Red when: `asked_again` compares with the registry of today, or not at all."""
    client = make_client()
    post_choice(client, "accept")
    make_cookie("_new")
    post_choice(client, "accept")
    record = ConsentRecord.objects.get(supersedes__isnull=False)
    make_cookie("_later")

    html = admin_client.get(page_of(record)).text

    assert "_new" in html
    assert "_later" not in html


def test_a_version_that_asked_again_is_named(admin_client) -> None:
    """Red when: `asked_again` takes no version, or one that took force before the first choice."""
    record = make_record()
    version = make_published("x", asks_again=True)
    later = make_bare_record(
        made_at=timezone.now() + timedelta(hours=1), supersedes_id=record.pk, notice=record.notice
    )

    again = f"Wersja {version.number} polityki prywatności wymaga ponownej zgody"
    assert again in admin_client.get(page_of(later)).text
    assert again not in admin_client.get(page_of(record)).text


def test_a_sealed_record_leads_to_its_checkpoint(admin_client) -> None:
    """Red when: `proof_of` finds no leaf, or its path leads to another root."""
    record = make_record()
    assert "Jeszcze bez pieczęci" in admin_client.get(page_of(record)).text

    checkpoint = seal()

    html = admin_client.get(page_of(record)).text
    assert "Jeszcze bez pieczęci" not in html
    # The record, its words and its policy.
    assert html.count(checkpoint.root_text) == 3
    assert html.count("Obliczyliśmy go przed chwilą ponownie: zgadza się.") == 4
    assert alerts(admin_client, record) == []


TABLE = "consent_consentrecord"


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        (f"UPDATE {TABLE} SET is_refusal = is_refusal, has_gpc_signal = NOT has_gpc_signal", "Ten"),
        ("UPDATE consent_notice SET texts = '{\"pl\": {}}'", "Treść"),
        ("UPDATE consent_registrysnapshot SET content = '{\"groups\": []}'", "Lista"),
        ("UPDATE evidence_leaf SET hash = (SELECT hash FROM evidence_leaf LIMIT 1)", "Ten"),
    ],
)
def test_what_somebody_has_changed_is_named_at_the_top(admin_client, statement, name) -> None:
    """Red when: `Integrity.is_changed` overlooks the hash, the leaf or the root."""
    make_record()
    record = make_record()
    seal()
    assert alerts(admin_client, record) == []

    with tampered(statement):
        named = alerts(admin_client, record)

    assert [each for each in named if each.startswith(name) and CHANGED in each]


def test_an_altered_tree_accuses_no_row(admin_client) -> None:
    """Nobody knows then which hash was altered. Red when: every row is said to be changed."""
    record = make_record()
    seal()

    with tampered("UPDATE evidence_checkpoint SET root = %s", "00" * 32):
        [alert] = alerts(admin_client, record)

    assert alert.startswith("Drzewo pieczęci nie zgadza się")


def test_a_page_without_alerts_says_that_nothing_has_changed(admin_client) -> None:
    record = make_record()
    assert "Nic z\xa0tego się nie zmieniło." in admin_client.get(page_of(record)).text

    with tampered("UPDATE consent_notice SET texts = '{\"pl\": {}}'"):
        assert "Nic z\xa0tego się nie zmieniło." not in admin_client.get(page_of(record)).text


def test_a_withdrawal_is_called_one_and_an_altered_record_of_the_chain_is_marked(
    admin_client,
) -> None:
    """Red when: a withdrawal looks like a refusal, or the chain vouches for an altered record."""
    client = make_client()
    post_choice(client, "accept")
    post_choice(client, "reject")
    withdrawal = ConsentRecord.objects.get(is_refusal=True)
    html = admin_client.get(page_of(withdrawal)).text
    assert html.count("wycofanie zgody (odmowa na wszystko, co opcjonalne)") == 2
    assert "Treść nie jest taka, jaką zapisano." not in html

    with tampered(f"UPDATE {TABLE} SET has_gpc_signal = NOT has_gpc_signal WHERE NOT is_refusal"):
        html = admin_client.get(page_of(withdrawal)).text

    assert html.count("Treść nie jest taka, jaką zapisano.") == 1
    assert alerts(admin_client, withdrawal) == []


def test_a_withdrawal_before_an_erasure_shows_no_question(admin_client) -> None:
    """Nothing was asked. Red when: the banner stands there as if it had been."""
    record = make_bare_record(method="erasure", notice=make_record().notice)

    html = admin_client.get(page_of(record)).text

    assert "odwiedzający zażądał usunięcia danych" in html
    assert "<iframe" not in html.partition('<h2 id="unchanged">')[0].partition("polityka")[0]
    content = evidence_file.content(record, at=timezone.now())
    assert [*content["shown"]["html"]] == ["cookies"]


def test_a_record_is_found_by_its_number_in_a_pasted_sentence(admin_client) -> None:
    record = make_record()

    for pasted in (f"Numer zapisu: {record.pk}.", str(record.pk).upper(), record.pk.hex):
        html = admin_client.get("/admin/consent/consentrecord/", {"q": pasted}).text
        assert page_of(record) in html
    assert (
        page_of(record)
        not in admin_client.get("/admin/consent/consentrecord/", {"q": str(record.pk)[:-1]}).text
    )


def test_a_record_that_was_changed_together_with_its_hash_does_not_fit_its_leaf(
    admin_client,
) -> None:
    """Red when: `Integrity.is_changed` compares a row with its own hash alone."""
    record = make_record()
    seal()
    record.language = "en"

    with tampered(f"UPDATE {TABLE} SET language = 'en', hash = %s", hash_of(record)):
        html = admin_client.get(page_of(record)).text

    assert CHANGED in html
    assert "W\xa0pieczęci jest inny skrót" in html
    assert "ponownie: nie zgadza się" not in html


def test_each_look_is_in_the_log_of_readings(admin_client) -> None:
    """Red when: a page of our own is not wrapped by `logged_row`."""
    record = make_record()

    for address in (page_of(record), f"/admin/consent/consentrecord/{record.pk}/policy/"):
        before = Reading.objects.count()
        assert admin_client.get(address).status_code == 200
        row = Reading.objects.latest("pk")
        assert Reading.objects.count() == before + 1
        assert (row.what, row.kind, row.rows, bool(row.about)) == ("read", TABLE, 1, True)


def test_a_frame_about_a_notice_is_about_nobody(admin_client) -> None:
    """Red when: the address of a frame leads from the log to a person."""
    record = make_record()

    admin_client.get(shown_address(record, "banner"))

    assert Reading.objects.count() == 0
    assert str(record.pk) not in shown_address(record, "banner")


def test_only_who_may_see_records_may_see_the_page() -> None:
    """Red when: record_page asks for no permission."""
    record = make_record()

    assert make_staff("view_consentrecord").get(page_of(record)).status_code == 200
    assert Client().get(page_of(record)).status_code == 302


def test_others_may_not() -> None:
    record = make_record()
    colleague = make_staff("view_notice", "view_signup")

    for address in (
        page_of(record),
        f"/admin/consent/consentrecord/{record.pk}/policy/",
        "/admin/consent/consentrecord/period/",
    ):
        assert colleague.get(address).status_code == 403
    for address in (
        f"/admin/consent/consentrecord/{record.pk}/file/",
        "/admin/consent/consentrecord/period/",
    ):
        assert colleague.post(address).status_code == 403
    assert Reading.objects.count() == 0


def test_the_page_changes_nothing(admin_client) -> None:
    """Red when: a form of Django's own is reached by a POST."""
    record = make_record()

    assert admin_client.post(page_of(record)).status_code == 405
    assert admin_client.post(f"/admin/consent/consentrecord/{record.pk}/").status_code in {301, 302}
    assert admin_client.get(page_of(ConsentRecord())).status_code == 404
