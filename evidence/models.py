"""The control row of the deletion window. See `deletion_window.py`."""

from django.db import models


class EvidenceWindow(models.Model):
    """While the row of a transaction is there, evidence about people may be deleted in it.

    The id names the transaction: on PostgreSQL its number, on SQLite a random number that only the
    connection knows that inserted the row. A row that is left behind opens nothing for others.
    """

    id = models.BigAutoField(primary_key=True)
    reason = models.CharField(max_length=9)

    class Meta:
        db_table = "evidence_window"

    def __str__(self) -> str:
        return self.reason
