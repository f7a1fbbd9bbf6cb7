"""Lists of the admin whose address asks for rows that no database can look up: `?day__range=1`.

Django accepts such a lookup, and fails as it reads the rows.
"""

import traceback

from django.contrib.admin.templatetags import admin_list
from django.contrib.admin.views.main import ChangeList
from django.db import DatabaseError, DataError, OperationalError, ProgrammingError
from django.http import HttpRequest

from consent.gate.staff_pages import is_staff_page
from evidence.growing.admin import GrowingList

# What a bad value can cause. Every other error is a fault of ours, or of the database.
_OF_A_VALUE = (ValueError, LookupError, OverflowError, DataError, ProgrammingError)
# The functions of Django that use the values in the address, and run no code of ours.
_READING = {
    ChangeList.get_results.__code__,
    GrowingList.get_results.__code__,
    admin_list.date_hierarchy.__code__,
}
# This one makes days of the values, and runs filters of ours as well.
_FILTERS = ChangeList.get_filters.__code__
# PostgreSQL's codes for a table and a column that are missing.
_MISSING = {"42P01", "42703"}


def is_bad_lookup(request: HttpRequest, error: Exception) -> bool:
    """Whether the address of a list made the error, and no fault of ours."""
    has_query = request.method in {"GET", "HEAD"} and bool(request.GET)
    if not (has_query and is_staff_page(request) and _is_of_a_value(error)):
        return False
    codes = [frame.f_code for frame, _line in traceback.walk_tb(error.__traceback__)]
    return codes[-1] is _FILTERS or not _READING.isdisjoint(codes)


def _is_of_a_value(error: Exception) -> bool:
    if isinstance(error, DatabaseError) and _is_of_the_schema(error):
        return False
    if isinstance(error, OperationalError):
        # SQLite has one name for a malformed pattern, for too many values and for other errors.
        return getattr(error.__cause__, "sqlite_errorname", "") == "SQLITE_ERROR"
    return isinstance(error, _OF_A_VALUE)


def _is_of_the_schema(error: DatabaseError) -> bool:
    """Whether a table or a column is missing, as after a release without its migrations."""
    code = getattr(error.__cause__, "sqlstate", "")
    return code in _MISSING or str(error).startswith("no such ")
