"""Declares plans and their comparison as content."""

from content import store
from pricing import comparison, plans

store.register(plans.SOURCE)
store.register(comparison.SOURCE)
