"""The wordings of consents to marketing, as content of each process."""

from content import store
from trial.sign_up import wordings

store.register(wordings.SOURCE)
