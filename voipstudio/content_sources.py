"""The content of the project: the texts of pages, and the redirects."""

from content import store
from voipstudio.pages import redirects, shown_texts

store.register(shown_texts.SOURCE)
store.register(redirects.SOURCE)
