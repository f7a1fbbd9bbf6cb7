"""Plans and their comparison, as content of each process."""

from content import store
from pricing import comparison, plans

store.register(plans.SOURCE)
store.register(comparison.SOURCE)
