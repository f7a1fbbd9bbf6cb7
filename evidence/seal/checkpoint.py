"""Checkpoints: the root of the tree at the end of a day, as anybody may keep it."""

import base64
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from evidence.seal import merkle, note, tree


class Checkpoint(models.Model):
    """The tree as it was. Append-only."""

    number = models.AutoField(primary_key=True, db_column="id")
    # A day without news has the size of the day before.
    size = models.BigIntegerField(_("leaves"), db_index=True)
    root = models.CharField(_("root"), max_length=64)
    # The whole note, signature included, as readers get it.
    note = models.TextField(_("text of the checkpoint"))
    # Every row that was stored before this moment has its leaf.
    covers_until = models.DateTimeField(_("covers until"), unique=True)
    made_at = models.DateTimeField(_("sealed at"))

    class Meta:
        db_table = "evidence_checkpoint"
        verbose_name = _("checkpoint of the seal")
        verbose_name_plural = _("checkpoints of the seal")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M} {self.size}"

    @property
    def root_text(self) -> str:
        """The root in base64, as in the text of the checkpoint."""
        return base64.b64encode(bytes.fromhex(self.root)).decode()

    def path_from(self, earlier: "Checkpoint") -> list[bytes]:
        """The proof that this tree extends that of an earlier checkpoint (RFC 9162, 2.1.4)."""
        return merkle.consistency_path(earlier.size, self.size, tree.subtree_reader())

    def path_of(self, position: int) -> list[bytes]:
        """The proof that a leaf is in the tree (RFC 9162, 2.1.3). Raises ValueError beyond it."""
        return merkle.inclusion_path(position, self.size, tree.subtree_reader())


def last() -> Checkpoint | None:
    return Checkpoint.objects.first()


def covering(position: int) -> Checkpoint | None:
    """The first checkpoint whose tree has this leaf; None before it is made."""
    return Checkpoint.objects.filter(size__gt=position).order_by("number").first()


def make(*, covers_until: datetime, at: datetime) -> Checkpoint:
    """Write down the tree as it is. Raises IntegrityError where another process has done so."""
    size = tree.size()
    root = merkle.root(size, tree.subtree_reader())
    return Checkpoint.objects.create(
        size=size,
        root=root.hex(),
        note=note.write(size, root),
        covers_until=covers_until,
        made_at=at,
    )
