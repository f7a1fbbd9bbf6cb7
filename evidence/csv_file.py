"""CSV files for staff, in which no spreadsheet reads a text as a formula.

The cells hold what visitors typed: https://owasp.org/www-community/attacks/CSV_Injection
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse
from phonenumber_field.phonenumber import PhoneNumber

_BOM = "\ufeff"  # without it, Excel reads UTF-8 as something else
_DELIMITER = ";"  # what Excel splits at where a comma is the decimal sign, as in Poland

# What a spreadsheet may skip before a formula, and the signs that begin one, full-width included.
_SKIPPED = r'[\s"\x00-\x1f\u200b-\u200f\u2060\ufeff]*'
_SIGN = r"(?=[=+\-@＝＋－＠])"
_BEGINS_A_CELL = re.compile(rf"[\t\r\n]|{_SKIPPED}{_SIGN}")
# A spreadsheet that splits at another sign than our delimiter begins a cell there.
_MAY_BEGIN_A_CELL = re.compile(rf"([,;\t\r\n]{_SKIPPED}){_SIGN}")


def safe(value: object) -> str:
    """The text of a cell, with an apostrophe before a sign that would begin a formula.

    A valid telephone number stays as it is, with its +: it holds digits, spaces, hyphens and the
    word before its extension only.
    """
    text = str(value)
    if isinstance(value, PhoneNumber) and value.is_valid():
        return text
    prefix = "'" if _BEGINS_A_CELL.match(text) else ""
    return prefix + _MAY_BEGIN_A_CELL.sub(r"\1'", text)


class _Echo:
    """A file for csv.writer that returns each line, so that the response can stream it."""

    def write(self, line: str) -> str:
        return line


def download(
    filename: str, head: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """A file of these rows, streamed as they are made, with every cell made safe."""
    writer = csv.writer(_Echo(), delimiter=_DELIMITER, quoting=csv.QUOTE_ALL)

    def lines() -> Iterator[str]:
        yield _BOM
        yield writer.writerow(head)
        for row in rows:
            yield writer.writerow([safe(cell) for cell in row])

    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
