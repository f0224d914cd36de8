"""What a terminal sends is heard to the end: bytes that are no text and sequences nobody knows end nothing.

Textual's own listening dies of them, and the program with it: one letter of another encoding in a paste would take
along what was typed.
"""

from __future__ import annotations

import codecs
import sys
from functools import partial
from typing import Any

from textual.driver import Driver


def sturdy(driver: type[Driver]) -> type[Driver]:
    """The driver, listening on whatever came; itself where the system hands over letters instead of bytes."""
    module: Any = sys.modules[driver.__module__]
    if not hasattr(module, "getincrementaldecoder"):
        return driver
    module.getincrementaldecoder = _tolerant

    class Sturdy(driver):  # type: ignore[valid-type, misc]
        """Begins to listen again after a sequence that could not be read."""

        def _run_input_thread(self) -> None:
            while not self.exit_event.is_set():
                try:
                    self.run_input_thread()
                except OSError:  # the terminal is gone: ``hung_up`` sees it
                    return
                except Exception as why:  # noqa: BLE001 - whatever it was, the next key is heard
                    from cockpit.log import note

                    note(why)

    return Sturdy


def _tolerant(encoding: str) -> Any:
    """A decoder that puts U+FFFD in the place of what is no text."""
    return partial(codecs.getincrementaldecoder(encoding), "replace")
