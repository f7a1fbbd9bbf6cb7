"""The tree of the seal in the database: a leaf for each sealed row, and every eighth level above.

The levels between are computed when a proof needs them: from 256 hashes at most.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from evidence.seal import merkle

RowId = int | uuid.UUID

# Every eighth level is stored.
LEVELS = 8
WIDTH = 2**LEVELS


class Leaf(models.Model):
    """One sealed row. Append-only; when the row ends, the leaf forgets which row it was (I20)."""

    position = models.BigIntegerField(_("position"), primary_key=True, db_column="id")
    series = models.CharField(_("series"), max_length=20)
    # A whole number is the last digits of this one.
    row = models.UUIDField(_("row"), null=True)
    hash = models.BinaryField(_("hash"), max_length=32)

    class Meta:
        db_table = "evidence_leaf"
        verbose_name = _("leaf of the seal")
        verbose_name_plural = _("leaves of the seal")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["row", "series"],
                condition=models.Q(row__isnull=False),
                name="evidence_leaf_of_row",
            )
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.series}"


class Node(models.Model):
    """The hash of a perfect subtree of 2**level leaves, for every eighth level. Append-only."""

    id = models.BigAutoField(primary_key=True)
    level = models.PositiveSmallIntegerField()
    # Its number from the left.
    place = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "evidence_node"
        constraints = [
            models.UniqueConstraint(fields=["level", "place"], name="evidence_node_place")
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.place}"


@dataclass(frozen=True)
class SealedRow:
    """A row to be sealed. The hash is that over its content, in hexadecimal."""

    series: str
    row: uuid.UUID
    content_hash: str

    def leaf_hash(self) -> bytes:
        """The hash of the leaf. The random number of the row is in it: nobody can try contents."""
        return merkle.leaf_hash(f"{self.series}\n{self.row}\n{self.content_hash}".encode())


def row_id(pk: RowId) -> uuid.UUID:
    """The id of a row as leaves keep it."""
    return pk if isinstance(pk, uuid.UUID) else uuid.UUID(int=pk)


def leaf_of(series: str, pk: RowId) -> Leaf | None:
    """The leaf of a row; None before the row is sealed."""
    return Leaf.objects.filter(series=series, row=row_id(pk)).first()


def size() -> int:
    """How many leaves the tree has."""
    last = Leaf.objects.order_by("-position").values_list("position", flat=True).first()
    return 0 if last is None else last + 1


def append(rows: Sequence[SealedRow]) -> None:
    """Add a leaf for each row, in a transaction of the caller.

    Raises IntegrityError where another process adds leaves at the same time.
    """
    start = size()
    _insert(
        Leaf(position=position, series=row.series, row=row.row, hash=row.leaf_hash())
        for position, row in enumerate(rows, start)
    )
    store_nodes(start, start + len(rows))


def sealed(series: str, rows: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the rows that have a leaf."""
    if connection.vendor != "postgresql":
        leaves = Leaf.objects.filter(series=series, row__in=rows)
        return {row for row in leaves.values_list("row", flat=True) if row}
    # One array, because a thousand parameters take longer than the look-up.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row FROM evidence_leaf WHERE series = %s AND row = ANY(%s)", [series, [*rows]]
        )
        return {row for [row] in cursor.fetchall()}


def _insert(leaves: Iterable[Leaf]) -> None:
    if connection.vendor != "postgresql":
        Leaf.objects.bulk_create(leaves)
        return
    with connection.wrap_database_errors, connection.cursor() as cursor:
        statement = "COPY evidence_leaf (id, series, row, hash) FROM STDIN"
        with cursor.copy(statement) as copy:
            for leaf in leaves:
                copy.write_row((leaf.position, leaf.series, leaf.row, leaf.hash))


def store_nodes(start: int, end: int) -> None:
    """Store the subtrees that become whole by leaves from `start` to `end`, the lowest first."""
    level = LEVELS
    while end >> level:
        new = range(start >> level, end >> level)
        Node.objects.bulk_create(
            Node(level=level, place=index, hash=merkle.over(below(level, index))) for index in new
        )
        level += LEVELS


def below(level: int, index: int) -> list[bytes]:
    """The hashes of which a stored node is made. Raises LookupError where one is missing."""
    return _stored(level - LEVELS, index * WIDTH, WIDTH)


def subtree_reader() -> merkle.Subtree:
    """Reads hashes of perfect subtrees, each once."""

    @cache
    def subtree(level: int, index: int) -> bytes:
        stored_level = level - level % LEVELS
        width = 1 << (level - stored_level)
        return merkle.over(_stored(stored_level, index * width, width))

    return subtree


def _stored(level: int, first: int, count: int) -> list[bytes]:
    """Hashes of a stored level, in their order. Raises LookupError where one is missing."""
    places = range(first, first + count)
    leaves = Leaf.objects.filter(position__range=(places[0], places[-1])).order_by("position")
    nodes = Node.objects.filter(level=level, place__range=(places[0], places[-1]))
    rows = nodes.order_by("place") if level else leaves
    hashes = [bytes(each) for each in rows.values_list("hash", flat=True)]
    if len(hashes) != count:
        raise LookupError(f"Hashes are missing at level {level} from {first} on.")
    return hashes
