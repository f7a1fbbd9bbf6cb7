"""The registry of cookies, and the policy version that asks again, as content of each process."""

from consent.choice import reconsent
from consent.registry import registry
from content import store

store.register(registry.SOURCE)
store.register(reconsent.SOURCE)
