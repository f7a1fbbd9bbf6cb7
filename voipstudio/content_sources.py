"""The content of the project: the texts of pages, and the redirects."""

from content import store
from voipstudio.pages import redirects, texts

store.register(texts.SOURCE)
store.register(redirects.SOURCE)
