"""Marks of tests that say the same in every run of the suite: they run with SQLite's alone."""

import os

import pytest

_IS_ANOTHER_RUN = bool(os.environ.get("DATABASE_URL"))

# They start a whole site over a database of its own.
has_own_database = pytest.mark.skipif(_IS_ANOTHER_RUN, reason="Has a database of its own.")
# They look at pages: markup, headers, styles and scripts. Pages come from the memory of the process.
looks_at_pages = pytest.mark.skipif(_IS_ANOTHER_RUN, reason="No database changes how it looks.")
# They follow what a browser does with an answer: what it stores, asks, focuses, brings back. The answers
# themselves, and the journeys that leave rows, are tested in every run (test_every_choice.py, test_trial.py).
acts_in_the_browser = pytest.mark.skipif(
    _IS_ANOTHER_RUN, reason="A browser cannot tell which database an answer came from."
)
# They never reach a database: what goes in is text, and what comes out is text.
needs_no_database = pytest.mark.skipif(_IS_ANOTHER_RUN, reason="Nothing here asks a database.")
