"""Published versions of policies and past tables of retention, as content of each process."""

from content import store
from privacy.policies.reading import published
from privacy.rights import retention_table

store.register(published.SOURCE)
store.register(retention_table.TABLE.source)
