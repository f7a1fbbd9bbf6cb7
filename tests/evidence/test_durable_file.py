"""A file is whole and on disk, with the names that lead to it, or it is not there."""

import os
from pathlib import Path
from unittest import mock

import pytest

from evidence import durable_file


def synced(write: object) -> list[Path]:
    """What is synced meanwhile, in order."""
    paths: list[Path] = []

    def note(descriptor: int) -> None:
        paths.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")))

    with mock.patch("evidence.durable_file.os.fsync", side_effect=note):
        write()
    return paths


def test_a_file_its_name_and_the_names_of_new_folders_are_synced(tmp_path: Path) -> None:
    """Red when: a power cut takes the folder that was made for the first file."""
    path = tmp_path / "state" / "erasures" / "one.json"

    paths = synced(lambda: durable_file.write(path, "text"))

    draft = path.with_suffix(durable_file.DRAFT)
    assert paths == [tmp_path / "state", tmp_path, draft, path.parent]
    assert path.read_text() == "text"
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_known_folder_is_not_synced_again(tmp_path: Path) -> None:
    path = tmp_path / "one.json"

    assert synced(lambda: durable_file.write(path, "a")) == [tmp_path / "one.draft", tmp_path]


def test_a_write_that_fails_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    """Red when: a full disk empties the file that was there."""
    path = tmp_path / "one.json"
    durable_file.write(path, "old")

    with (
        mock.patch("evidence.durable_file.os.fsync", side_effect=OSError),
        pytest.raises(OSError),  # noqa: PT011 - as it was raised
    ):
        durable_file.write(path, "new")

    assert path.read_text() == "old"
    assert [*tmp_path.iterdir()] == [path]
