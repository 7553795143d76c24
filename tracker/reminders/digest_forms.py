"""A digest in each form that a channel may take it in, made when it is asked for."""

from typing import Any

from tracker.reminders.digest import compose, subject_of
from tracker.reminders.flex import alt_text_of, flex_of
from tracker.reminders.view import View


class DigestForms:
    """The forms of one view; ``key`` signs the buttons of LINE."""

    def __init__(self, view: View, key: str) -> None:
        self._view = view
        self._key = key

    @property
    def subject(self) -> str:
        return subject_of(self._view)

    def words(self) -> tuple[str, str]:
        """As a text, and as a whole page of HTML."""
        content = compose(self._view)
        return content.text, content.html

    def bubble(self) -> tuple[str, dict[str, Any]]:
        """As a Flex bubble of LINE, after what a phone shows of it before it is opened."""
        return alt_text_of(self._view), flex_of(self._view, self._key)
