"""A process of Tocsin whose clock a story moves: `python -m tests.stories.clocked FOLDER worker`.

A running Tocsin has no setting for this, on purpose: nobody should be able to move the clock of what calls people. So it is the
interpreter's clock that moves, under the same code; what is measured between two moments (timeouts, pauses) goes on as it is.
FOLDER/ahead holds how many seconds it shall be ahead of the machine's; FOLDER/followed how many it is.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import time_machine

LOOK_EVERY_S = 0.02


def follow(folder: Path, hands: time_machine.Traveller) -> None:
    """Moves the clock whenever the story asks for it."""
    followed = 0.0
    while True:
        ahead = float((folder / "ahead").read_text())
        if ahead != followed:
            hands.shift(ahead - followed)
            followed = ahead
            (folder / "followed").write_text(str(ahead))
        time.sleep(LOOK_EVERY_S)


def main() -> None:
    """Runs `tocsin` with the arguments that follow the folder."""
    folder, sys.argv[1:] = Path(sys.argv[1]), sys.argv[2:]
    hands = time_machine.travel(time.time(), tick=True).start()
    threading.Thread(target=follow, args=(folder, hands), daemon=True).start()
    from tocsin.cli import main as tocsin

    tocsin(prog_name="tocsin")


if __name__ == "__main__":
    main()
