"""Mails in files end with the person whom they were written to, and with nobody else."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from delivery import mail_files

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def folder(settings, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    return tmp_path


def write(folder: Path, name: str, *, to: str, at: datetime = AT) -> None:
    path = folder / f"{name}.log"
    path.write_text(f"Subject: x\nTo: {to}\n\nanna@firma.pl\n")
    os.utime(path, (at.timestamp(), at.timestamp()))


def names(folder: Path) -> set[str]:
    return {path.stem for path in folder.iterdir()}


def test_only_the_files_to_the_address_end(folder: Path) -> None:
    """Red when: a file is found by a part of an address, or by its text."""
    write(folder, "own", to="Anna <ANNA@Firma.pl>")
    write(folder, "second", to="ewa@firma.pl, anna@firma.pl")
    write(folder, "longer", to="hanna@firma.pl")
    write(folder, "other", to="ewa@firma.pl")
    (folder / "nobody.log").write_bytes(b"\xff\x00")

    mail_files.forget("anna@firma.pl", before=datetime(2100, 1, 1, tzinfo=UTC))

    assert names(folder) == {"longer", "other", "nobody"}


def test_a_file_from_after_the_moment_stays(folder: Path) -> None:
    """Later mails are of a new sign-up. Red when: the files are deleted whatever their age."""
    write(folder, "earlier", to="anna@firma.pl")
    write(folder, "later", to="anna@firma.pl", at=AT.replace(hour=13))

    mail_files.forget("anna@firma.pl", before=AT)

    assert names(folder) == {"later"}


def test_nobody_has_no_files(folder: Path) -> None:
    write(folder, "one", to="<>")

    mail_files.forget("", before=AT)

    assert names(folder) == {"one"}


def test_a_site_with_a_mail_server_has_no_files_to_look_for(folder: Path, settings) -> None:
    """Red when: a folder of another purpose is searched and emptied."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    write(folder, "one", to="anna@firma.pl")

    mail_files.forget("anna@firma.pl", before=AT)

    assert names(folder) == {"one"}


def test_a_file_that_another_worker_deletes_meanwhile_is_no_error(folder, monkeypatch) -> None:
    """Red when: the erasure fails, and is tried again ten minutes later."""
    for name in ("a", "b"):
        write(folder, name, to="anna@firma.pl")
    read = mail_files._readers

    def read_and_lose(path: Path) -> set[str]:
        readers = read(path)
        path.unlink()
        return readers

    monkeypatch.setattr(mail_files, "_readers", read_and_lose)

    mail_files.forget("anna@firma.pl", before=AT)

    assert names(folder) == set()
