"""Declares the registry and the reconsent version as content in the memory of each process."""

from consent.choice import reconsent
from consent.registry import registry
from content import store

store.register(registry.SOURCE)
store.register(reconsent.SOURCE)
