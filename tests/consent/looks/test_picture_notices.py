"""`manage.py picture_notices` in a real Chromium."""

import os
import shutil
import struct
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.core.management.base import CommandError

from consent.looks import actions, chromium, local_site, shots
from consent.looks.look import WINDOWS, Look, every_look
from consent.looks.pictures import pictures_of
from consent.looks.shots import Shot
from consent.models import ConsentRecord, Notice, Picture
from tests.consent.looks.rows import days
from tests.evidence.seal.sealed import make_record
from tests.factories import make_cookie
from trial.models import FunnelCount

pytestmark = pytest.mark.django_db

# Moves the button that refuses by one pixel, in the banner and on the cookie page.
ONE_PIXEL = b'\nbutton[value="reject"] { position: relative; inset-inline-start: 1px }\n'


@pytest.fixture(autouse=True)
def headless_shell(settings) -> None:
    """The headless shell: the same engine in less time."""
    settings.CHROMIUM_PATH = os.environ["HEADLESS_SHELL_PATH"]


@pytest.fixture
def static_copy(settings, tmp_path: Path) -> Path:
    """Collected files of this test alone."""
    copy = tmp_path / "static"
    shutil.copytree(site_settings.STATIC_ROOT, copy, ignore=shutil.ignore_patterns(".lock"))
    settings.STATIC_ROOT = copy
    settings.STORAGES = {**settings.STORAGES}
    return copy


def picture_notices() -> str:
    out = StringIO()
    call_command("picture_notices", stdout=out)
    return out.getvalue()


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height of a picture, from its header."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def hashes(*, record: ConsentRecord) -> dict[str, str]:
    return {picture.device: picture.image_hash for picture in pictures_of(record)}


def test_yesterdays_record_still_shows_yesterdays_button(static_copy: Path) -> None:
    """Red when: a record finds the pictures of the present code, or new code gets none."""
    notice = Notice.objects.first()
    yesterdays = [make_record(notice=notice, method=method) for method in ("banner", "cookie-page")]
    assert picture_notices() == "Pictures of the question taken: 8.\n"
    before = [hashes(record=record) for record in yesterdays]

    with (static_copy / staticfiles_storage.stored_name("css/site.css")).open("ab") as css:
        css.write(ONE_PIXEL)
    for compressed in static_copy.glob("css/site.*.css.*"):
        compressed.unlink()
    actions.store_manifest(at=days(1))
    assert picture_notices() == "Pictures of the question taken: 8.\n"

    assert [hashes(record=record) for record in yesterdays] == before
    for record, old in zip(yesterdays, before, strict=True):
        new = hashes(record=make_record(notice=notice, method=record.method, made_at=days(2)))
        assert new.keys() == old.keys() == {"phone", "desk"}
        assert all(new[device] != old[device] for device in old)


def test_pictures_show_the_window_and_the_whole_cookie_page() -> None:
    """Red when: the picture of the cookie page ends at the edge of the window."""
    picture_notices()

    sizes = {
        (picture.place, picture.device): (picture.width, picture.height)
        for picture in Picture.objects.filter(language="pl")
    }
    for device, window in WINDOWS.items():
        assert sizes["banner", device] == (window.width, window.height)
        assert sizes["cookie-page", device][0] == window.width
        assert sizes["cookie-page", device][1] > 3 * window.height
    for picture in Picture.objects.all():
        assert size_of(bytes(picture.image)) == (picture.width, picture.height)
        assert "Chrome/" in picture.browser


def test_a_second_run_takes_nothing_and_no_run_counts_as_a_visit() -> None:
    """Red when: pictures that are there are taken again, or the command makes a record."""
    picture_notices()
    before = {*Picture.objects.values_list("pk", flat=True)}

    assert picture_notices() == "Every picture of the present question is there.\n"
    assert {*Picture.objects.values_list("pk", flat=True)} == before
    assert (ConsentRecord.objects.count(), FunnelCount.objects.count()) == (0, 0)


def test_the_same_question_has_the_same_picture_twice() -> None:
    """Red when: a picture depends on chance, so that a new hash proves no change."""
    look = every_look()[0]
    key = Notice.objects.first().hash[:16]

    first, second = (next(iter(shots.take([look], notice_key=key))) for _ in range(2))

    assert first.image == second.image


def test_only_missing_pictures_are_taken(monkeypatch) -> None:
    """Red when: all looks are taken, although one alone is missing."""
    asked: list[Look] = []

    def take(looks: list[Look], *, notice_key: str) -> list[Shot]:
        asked.extend(looks)
        return []

    monkeypatch.setattr(shots, "take", take)
    monkeypatch.setattr(actions, "missing_looks", lambda notice, manifest: every_look()[3:4])

    picture_notices()

    assert asked == every_look()[3:4]


def test_a_page_that_asks_something_else_is_not_pictured() -> None:
    """Red when: the notice of the page is not compared with that of the row."""
    with pytest.raises(shots.OtherQuestion, match="run the command again"):
        next(iter(shots.take(every_look()[:1], notice_key="0" * 16)))

    make_cookie("_hjid")
    assert next(iter(shots.take(every_look()[:1], notice_key=Notice.objects.first().hash[:16])))


def test_over_https_the_site_is_pictured_as_behind_its_proxy(settings) -> None:
    """Red when: the local server answers with a redirect to the address of the site."""
    settings.SECURE_SSL_REDIRECT = settings.IS_HTTPS = True
    settings.CANONICAL_HOST = settings.SECURE_SSL_HOST = "voipstudio.pl"
    settings.ALLOWED_HOSTS = ["voipstudio.pl"]
    settings.SITE_ORIGIN = "https://voipstudio.pl"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    shot = next(iter(shots.take(every_look()[:1], notice_key=Notice.objects.first().hash[:16])))

    assert size_of(shot.image) == (390, 844)


def test_a_machine_without_chromium_is_told_what_to_install(settings, monkeypatch) -> None:
    """Red when: the command ends with a traceback, or stores something."""
    settings.CHROMIUM_PATH = ""
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(CommandError, match="Install the package chromium, or set CHROMIUM_PATH"):
        picture_notices()
    assert Picture.objects.count() == 0


@pytest.mark.parametrize("program", ["/bin/false", "/nowhere/chromium"])
def test_a_chromium_that_does_not_start_is_named(settings, program: str) -> None:
    """Red when: the command waits for it for ever, or ends with a traceback."""
    settings.CHROMIUM_PATH = program

    with pytest.raises(CommandError, match=f"{program} --headless --version"):
        picture_notices()


def test_a_chromium_that_does_not_answer_is_given_up(settings, monkeypatch, tmp_path) -> None:
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexec sleep 60\n")
    silent.chmod(0o755)
    settings.CHROMIUM_PATH = str(silent)
    monkeypatch.setattr(chromium, "PATIENCE_SECONDS", 0.2)

    with pytest.raises(CommandError, match="when the machine has less to do"):
        picture_notices()


def test_no_other_host_can_be_reached() -> None:
    """Red when: Chromium resolves names of hosts. This one belongs to the machine, by RFC 6761."""
    with local_site.served() as origin, chromium.tab() as tab:
        tab.open(origin)
        with pytest.raises(chromium.ChromiumFailed, match="NAME_NOT_RESOLVED"):
            tab.open(origin.replace("127.0.0.1", "site.localhost"))


def test_a_refused_command_and_a_failed_expression_are_named() -> None:
    with chromium.tab() as tab:
        with pytest.raises(chromium.ChromiumFailed, match=r"refused Page\.nothing"):
            tab.send("Page.nothing")
        with pytest.raises(chromium.ChromiumFailed, match="no answer to missing"):
            tab.evaluate("missing")
        assert tab.evaluate("Promise.resolve(1 + 1)") == 2
