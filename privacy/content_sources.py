"""The published versions of policies, as content of each process."""

from content import store
from privacy.policies.reading import published

store.register(published.SOURCE)
