"""The published versions of policies, as content of each process."""

from content import store
from privacy import policy

store.register(policy.SOURCE)
