"""Declares a job of every web process: record the refusals on disk when the database answers. The
worker gives records of the release before their hash."""

from consent.records import record, record_hashes
from content import store
from delivery import worker

store.after_each_poll(record.store_kept_refusals)
worker.register(record_hashes.fill_in_some)
