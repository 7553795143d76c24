"""The one exception tree: every error carries a sentence for people.

The sentence says what is wrong, where, and what to do. ``exit_status`` is what the command line answers,
``http_status`` what the web answers (docs/rules.md, "Exit status").
"""


class TrackerError(Exception):
    """The work failed; the sentence is for people, in English and, where given, in Thai (``sentence_th``)."""

    exit_status = 1
    http_status = 500

    def __init__(self, sentence: str, sentence_th: str | None = None, *, field: str | None = None) -> None:
        """``field`` names which of the values that were given it is about."""
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence
        self.sentence_th = sentence_th or sentence


class NotUnderstoodError(TrackerError):
    """The input could not be understood: a wrong file, date, name or option."""

    exit_status = 2
    http_status = 422


class ScanError(NotUnderstoodError):
    """The document is a picture of a table, without letters."""


class NotFoundError(NotUnderstoodError):
    """What was asked for by id or name does not exist (or is not the reader's to see)."""

    http_status = 404


class ForbiddenError(TrackerError):
    """The signed-in person may not do this."""

    http_status = 403


class ConflictError(TrackerError):
    """The state of things does not allow this change."""

    http_status = 409
