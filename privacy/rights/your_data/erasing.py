"""Sent as a person asks for erasure on their page, so that an app above can do what comes first."""

from django.dispatch import Signal

# With `request`, `response` (the answer, to which a cookie may be added), `person`, and `at`, up to
# which the person's rows will be erased.
asked_for = Signal()
