"""The registry of cookies, and the policy version that asks again, as content of each process."""

from consent import asking_version, registry
from content import store

store.register(registry.SOURCE)
store.register(asking_version.SOURCE)
