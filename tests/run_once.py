"""Marks for tests that prove the same on both databases: they run on SQLite alone."""

import os

import pytest

_IS_ANOTHER_RUN = bool(os.environ.get("DATABASE_URL"))

# For tests that start a whole site with its own database.
has_own_database = pytest.mark.skipif(_IS_ANOTHER_RUN, reason="Has a database of its own.")
# For tests of markup, headers, styles and scripts: pages come from the memory of the process.
looks_at_pages = pytest.mark.skipif(_IS_ANOTHER_RUN, reason="No database changes how it looks.")
# For tests of what a browser stores, asks, focuses and brings back. The answers of the server, and the
# journeys that leave rows, are tested on both databases (test_every_choice.py, test_trial.py).
acts_in_the_browser = pytest.mark.skipif(
    _IS_ANOTHER_RUN, reason="A browser cannot tell which database an answer came from."
)
# For tests of functions from text to text, without a database.
needs_no_database = pytest.mark.skipif(_IS_ANOTHER_RUN, reason="Nothing here asks a database.")
# For tests of what is decided from a request and from content in memory: choice, gate, language, currency.
decides_in_memory = pytest.mark.skipif(
    _IS_ANOTHER_RUN, reason="The decision reads the request and the memory of the process."
)
