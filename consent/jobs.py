"""Each web process records the refusals on its disk as soon as the database answers."""

from consent import record
from content import store

store.after_each_poll(record.store_kept_refusals)
