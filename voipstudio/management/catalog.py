"""The catalog of messages: what the sources ask to translate, and the Polish for it.

A message is the English text itself, so English needs no catalog. Everything is done with Babel
and Django; no GNU gettext is needed.
"""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

# Django's own forms for Polish: 1 dzień, 2 dni, 5 dni, 1,5 dnia. It keeps apart what differs.
PLURAL_FORMS = (
    "nplurals=4; plural=(n==1 ? 0 : (n%10>=2 && n%10<=4) && (n%100<12 || n%100>14) ? 1 : "
    "n!=1 && (n%10>=0 && n%10<=1) || (n%10>=5 && n%10<=9) || (n%100>=12 && n%100<=14) ? 2 : 3);"
)
# Without dates and names of tools, so that the file changes only when a message does.
HEADER = f"""\
msgid ""
msgstr ""
"Language: pl\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {PLURAL_FORMS}\\n"

"""
# Line, message (with its plural), comments for translators, context.
Found = tuple[int, str | tuple[str, ...], list[str], str | None]
# Which arguments of a function are messages: singular, plural, and ("c") the context.
FUNCTIONS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_noop": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
TEMPLATE_SUFFIXES = {".html", ".txt", ".xml", ".md"}
FOLDERS_WITHOUT_MESSAGES = {
    "migrations",
    "node_modules",
    "static",
    "static_collected",
    "tests",
    "var",
}


def extracted(root: Path) -> Catalog:
    """Return every message of the sources under a folder, in order of file and line."""
    catalog = new_catalog()
    for path in sorted(sources(root)):
        for line, message, comments, context in messages_of(path):
            place = (path.relative_to(root).as_posix(), line)
            catalog.add(message, None, [place], auto_comments=comments, context=context)
    return catalog


def sources(root: Path) -> Iterator[Path]:
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = {
            name for name in subfolders if not name.startswith(".")
        } - FOLDERS_WITHOUT_MESSAGES
        is_in_templates = "templates" in Path(folder).relative_to(root).parts
        for path in (Path(folder, name) for name in names):
            if path.suffix == ".py" or (is_in_templates and path.suffix in TEMPLATE_SUFFIXES):
                yield path


def messages_of(path: Path) -> Iterator[Found]:
    source = path.read_text()
    if path.suffix != ".py":
        # Django writes the tags as calls that look like Python; what is left of the indentation
        # of the template means nothing, and would be an error in Python.
        lines = templatize(source, str(path)).split("\n")
        source = "\n".join(line.lstrip() for line in lines)
    return extract("python", BytesIO(source.encode()), FUNCTIONS, ["Translators:"])


def new_catalog() -> Catalog:
    return read_po(BytesIO(HEADER.encode()), locale="pl", domain="django")


def read_catalog(path: Path) -> Catalog:
    if not path.exists():
        return new_catalog()
    return read_po(BytesIO(path.read_bytes()), locale="pl", domain="django")


def write_catalog(path: Path, catalog: Catalog) -> None:
    text = BytesIO()
    write_po(
        text,
        catalog,
        width=100,
        omit_header=True,
        sort_by_file=True,
        include_lineno=False,
        ignore_obsolete=True,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(HEADER.encode() + text.getvalue().strip(b"\n") + b"\n")


def update(root: Path, path: Path) -> None:
    """Rewrite the catalog with the messages of the sources, keeping translations that exist."""
    known = read_catalog(path)
    catalog = extracted(root)
    for message in catalog:
        old = known.get(message.id, message.context) if message.id else None
        # A message that became a plural, or stopped being one, is to be translated again.
        if old is not None and old.pluralizable == message.pluralizable:
            message.string = old.string
            message.flags |= old.flags & {"fuzzy"}
            message.user_comments = old.user_comments
    write_catalog(path, catalog)
