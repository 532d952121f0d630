"""A volume with space left, but no inodes."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.storage.volume_use import fills
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.world import World

_LEAST = 0.02


@cause("storage", modes=("storage.inodes",), needs=("metrics",))
def inodes_exhausted(world: World) -> Iterator[Finding]:
    """A volume holds as many files as its file system can, although there is space left.

    Each file takes an inode, however small it is, and their number was fixed when the file system was made. Caches
    and mail queues of very many small files use them up. The error reads as if the space was out.

    When it is wrong: the file system makes inodes as it needs them (XFS, Btrfs), and the count means nothing.
    """
    for held in fills(world):
        if held.inodes is not None and held.inodes < _LEAST:
            space = f", though {held.space:.0%} of its space is" if held.space is not None else ""
            yield Finding(
                held.claim,
                f"the volume of claim {held.claim.name} can hold no more files: {held.inodes:.1%} of its inodes are"
                f" left{space}",
                cites=held.cites("inodes_free", "inodes"),
                remedies=[
                    look("describe", "pvc", held.claim.name, of=held.claim, purpose="see which pods write there")
                ],
            )
