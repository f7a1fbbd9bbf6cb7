"""Each web process records the refusals on its disk as soon as the database answers."""

from consent import spool
from content import store

store.on_contact(spool.drain)
