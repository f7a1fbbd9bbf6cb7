"""The tables that a policy prints for `{{ retention }}` and `{{ recipients }}`."""

from privacy.policies.text import tables
from privacy.rights.recipients.recipients_table import recipients_table
from privacy.rights.retention.retention_table import retention_table

tables.register("retention", retention_table)
tables.register("recipients", recipients_table)
