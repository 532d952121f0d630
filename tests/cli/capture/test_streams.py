"""What a command prints, between it and those who watch."""

from __future__ import annotations

import os
import pty
from pathlib import Path

from tocsin.cli.capture.streams import Stream, Streams


def test_where_there_is_no_room_for_the_record_all_is_shown_and_the_record_says_so(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    os.set_blocking(ours, False)
    (tmp_path / "kept").write_text("")
    with (tmp_path / "shown").open("wb") as shown, (tmp_path / "kept").open("rb") as kept:  # which can't be written
        stream = Stream(shown.fileno(), theirs, kept, ours)
        os.write(theirs, b"working")
        assert Streams([stream]).show()
        assert (tmp_path / "shown").read_bytes() == b"working"
        assert Streams([stream]).log() == b"\n[7 bytes are left out here]\n"
    os.close(ours)
    os.close(theirs)
