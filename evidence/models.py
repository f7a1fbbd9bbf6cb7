"""The control row of the deletion window (see `deletion_window.py`), and the models of the seal."""

from django.db import models

from evidence.seal.checkpoint import Checkpoint as Checkpoint  # models of this app
from evidence.seal.tree import Leaf as Leaf
from evidence.seal.tree import Node as Node


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
