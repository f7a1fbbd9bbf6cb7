"""The texts of pages, and redirects, as content of each process."""

from content import store
from voipstudio.pages import redirects, texts

store.register(texts.SOURCE)
store.register(redirects.SOURCE)
