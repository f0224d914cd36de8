"""Keys one after the other: each is through, and what it opened is there, before the next is looked at.

Textual hands keys to whatever has the focus when they are read, and runs their acts later. Keys that arrive together
(fast fingers, a slow line, a paste) would so land where the focus was: the words of a note, typed right after the key
that opens its form, would be taken for acts.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.message import Message
from textual.screen import Screen

from cockpit.tui.listening import sturdy

AGAIN_AFTER = 0.005
"""Seconds between two looks at a screen that is on its way."""
LONGEST = 0.5
"""Seconds after which the next key is let through whatever became of the one before."""


class KeysInTurn(App[None]):
    """Mixed into the app."""

    class Through(Message, namespace="keys_in_turn"):
        """Follows a key the way it bubbles: when it arrives, the key has arrived."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keys_behind: deque[events.Key | events.Paste] = deque()
        self._key_number = 0
        self._key_under_way = False
        self._key_screen: Screen[Any] | None = None

    def get_driver_class(self) -> type[Driver]:
        """Textual's for this system, that hears everything a terminal may send."""
        return sturdy(super().get_driver_class())

    async def on_event(self, event: events.Event) -> None:
        """A key waits for the one before it."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._key_under_way:
            self._keys_behind.append(event)
            if len(self._keys_behind) == 1:
                self._let_through_at_last()
        else:
            await self._hand_on(event)

    async def _hand_on(self, event: events.Key | events.Paste) -> None:
        self._key_under_way = True
        self._key_number += 1
        number = self._key_number
        self._key_screen = self.screen
        target = self.focused or self.screen
        await super().on_event(event)
        if event.is_forwarded:
            target.post_message(self.Through(number))
        else:
            self._next_key(number)

    def on_keys_in_turn_through(self, message: Through) -> None:
        """The key has been everywhere."""
        message.stop()
        self._next_key(message.number)

    def _let_through_at_last(self) -> None:
        number = self._key_number
        self.set_timer(LONGEST, lambda: self._next_key(number, waits=False))

    def _next_key(self, number: int, *, waits: bool = True) -> None:
        """Hand on the next key, once the screen in front is there and has its focus."""
        if number != self._key_number or not self._key_under_way:
            return
        if waits and self._keys_behind and self.screen is not self._key_screen:
            self._when_ready(number)
            return
        self._key_under_way = False
        if self._keys_behind:
            self.call_later(self._hand_on, self._keys_behind.popleft())
            self._key_under_way = True
            if self._keys_behind:
                self.call_later(self._let_through_at_last)

    def _when_ready(self, number: int) -> None:
        if number != self._key_number:
            return
        screen = self.screen
        if screen.is_mounted and (screen.focused is not None or not any(w.focusable for w in screen.query("*"))):
            self._key_screen = screen
            screen.call_after_refresh(self.call_later, self._next_key, number)  # behind the focus its mounting asked for
        else:
            self.set_timer(AGAIN_AFTER, lambda: self._when_ready(number))
