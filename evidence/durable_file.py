"""Files that survive a crash of the process and of the machine."""

import os
from pathlib import Path

DRAFT = ".draft"


def write(path: Path, text: str) -> None:
    """Write a whole file, or nothing. Raises OSError, as on a full disk.

    First the content is synced, then the final name, then the folder that holds the name: so no
    reader meets half a file, and what was written is on disk.
    """
    _make_folder(path.parent)
    draft = path.with_suffix(DRAFT)
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError:  # a full disk leaves an empty file
        draft.unlink(missing_ok=True)
        raise
    draft.rename(path)
    _sync(path.parent)


def _make_folder(folder: Path) -> None:
    """Make a folder whose own name survives a crash too."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in missing:
        _sync(each.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
