"""Staff see the pictures, and change nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent.models import CodeManifest, Picture
from tests.consent.looks.rows import make_picture, make_shot
from tests.pages import Page
from tests.staff import make_staff

pytestmark = pytest.mark.django_db

LIST = "/admin/consent/picture/"


@pytest.fixture
def picture() -> Picture:
    return make_picture(make_shot(image=b"\x89PNG the bytes"))


@pytest.mark.parametrize("is_list", [True, False], ids=["list", "page"])
def test_the_list_and_the_page_show_the_picture_with_its_text(picture, is_list: bool) -> None:
    """Red when: the picture is left out, or has no alternative text."""
    address = LIST if is_list else f"{LIST}{picture.pk}/change/"

    page = Page(make_staff("view_picture").get(address).content)

    image = page.one("img", src=f"{LIST}{picture.pk}/picture.png")
    assert image["alt"] == picture.alternative_text
    assert (image["width"], image["height"]) == ("390", "844")


def test_the_file_is_the_stored_one_byte_for_byte(picture) -> None:
    response = make_staff("view_picture").get(f"{LIST}{picture.pk}/picture.png")

    assert response.content == b"\x89PNG the bytes"
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_the_file_is_for_those_who_may_see_pictures(picture, client) -> None:
    """Red when: the view asks for no permission."""
    address = f"{LIST}{picture.pk}/picture.png"

    assert make_staff("view_notice").get(address).status_code == 403
    assert client.get(address).status_code == 302


def test_a_list_reads_no_files_and_all_notices_at_once(picture) -> None:
    """Red when: the list loads half a megabyte for each row, or asks for the notice of each row."""
    make_picture(make_shot("en"))
    staff = make_staff("view_picture")

    with CaptureQueriesContext(connection) as queries:
        response = staff.get(LIST)

    rows = response.context["cl"].result_list
    assert [row.pk for row in rows] == [picture.pk + 1, picture.pk]
    assert all("image" in row.get_deferred_fields() for row in rows)
    texts = [query["sql"] for query in queries.captured_queries]
    assert [text for text in texts if 'FROM "consent_notice"' in text] == []


def test_nobody_changes_a_picture_or_a_manifest(picture) -> None:
    """Red when: an admin class is not read-only."""
    models = ("picture", "codemanifest")
    acts = ("add", "change", "delete", "view")
    staff = make_staff(*(f"{act}_{model}" for act in acts for model in models))
    manifest = CodeManifest.objects.get()

    for address in (f"{LIST}{picture.pk}/", f"/admin/consent/codemanifest/{manifest.pk}/"):
        assert staff.post(f"{address}change/", {}).status_code == 403
        assert staff.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    page = staff.get(f"/admin/consent/codemanifest/{manifest.pk}/change/")
    assert manifest.code_hash in page.content.decode()
