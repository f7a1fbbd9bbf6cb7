"""Published versions of policies, and the tables that they print, as content of each process."""

from content import store
from privacy.policies.reading import published
from privacy.rights.recipients import recipients_table
from privacy.rights.retention import retention_table
from privacy.seals import published as checkpoints

store.register(published.SOURCE)
store.register(retention_table.TABLE.source)
store.register(recipients_table.TABLE.source)
store.register(checkpoints.SOURCE)
