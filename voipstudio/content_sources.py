"""The texts of pages, and redirects, as content of each process."""

from content import store
from voipstudio import pages, redirects

store.register(pages.SOURCE)
store.register(redirects.SOURCE)
