"""The wordings of consents to marketing, as content of each process."""

from content import store
from trial import wordings

store.register(wordings.SOURCE)
