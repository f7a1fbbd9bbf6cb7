"""The table of retention periods that a policy prints for `{{ retention }}`."""

from privacy.policies.text import tables
from privacy.rights.retention_table import retention_table

tables.register("retention", retention_table)
