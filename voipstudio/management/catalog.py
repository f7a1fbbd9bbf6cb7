"""Extracts the messages of the sources and updates the catalog of their Polish translations.

A message is the English text itself, so English needs no catalog. Babel and Django do all of it:
no machine needs GNU gettext.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

# Django's own forms for Polish: 1 dzień, 2 dni, 5 dni, 1,5 dnia. They must be the same, as
# Django keeps catalogs with different forms apart.
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
FROM_TEMPLATE = f"{__name__}:from_template"
EXTRACTORS = [("**.py", "python")] + [
    (f"**/templates/**.{suffix}", FROM_TEMPLATE) for suffix in ("html", "txt", "xml", "md")
]
FOLDERS_WITHOUT_MESSAGES = {
    "migrations", "node_modules", "static", "static_collected", "tests", "var",
}  # fmt: skip


def extracted(root: Path) -> Catalog:
    """Every message of the sources under a folder."""
    catalog = new_catalog()
    for file, line, message, comments, context in extract_from_dir(
        root, EXTRACTORS, {}, FUNCTIONS, ["Translators:"], directory_filter=has_messages
    ):
        catalog.add(message, None, [(file, line)], auto_comments=comments, context=context)
    return catalog


def has_messages(folder: str) -> bool:
    name = Path(folder).name
    return not name.startswith(".") and name not in FOLDERS_WITHOUT_MESSAGES


def from_template(file: IO[bytes], *arguments: Any, **options: Any) -> Iterator[Any]:
    """Extract from a Django template; Babel finds this function by its name in `EXTRACTORS`."""
    # Django writes the tags as calls that look like Python. The template's indentation would be a
    # syntax error there.
    lines = templatize(file.read().decode()).split("\n")
    source = "\n".join(line.lstrip() for line in lines)
    return extract_python(BytesIO(source.encode()), *arguments, **options)


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
    """Rewrite the catalog with the messages of the sources; existing translations stay."""
    catalog = read_catalog(path)
    # Fuzzy matching would take the translation of one message for another that looks like it.
    catalog.update(extracted(root), no_fuzzy_matching=True)
    write_catalog(path, catalog)
