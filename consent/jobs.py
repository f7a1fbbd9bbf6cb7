"""Declares a job of every web process: record the refusals on disk when the database answers."""

from consent import record
from content import store

store.after_each_poll(record.store_kept_refusals)
