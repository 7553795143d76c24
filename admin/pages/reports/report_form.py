"""The one form of a round's texts: what it sends of each cell, and what it shows of one that is not saved yet."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from werkzeug.datastructures import MultiDict

from admin.pages.reports.report_texts import typed
from tracker.reports.rollup import to_paragraphs
from tracker.services.reports.column_texts import ColumnView
from tracker.services.reports.text_saving import CHOICES, Choice, outcomes, stamp, state_of
from tracker.services.tasks.progress import LONGEST_TEXT
from tracker.thai.merging import lacking
from tracker.thai.paragraphs import Paragraph

_PARTS = ("text", "seen", "facts", "mine", "choice")


@dataclass(frozen=True)
class SentCell:
    """A cell as the form sends it.

    ``seen`` is the stamp of what it was shown with, ``facts`` the keys of the facts that lay under that. Where two
    texts are put together, ``mine`` is the own one and ``text`` what is to become of both.
    """

    name: str
    text: str
    seen: str
    facts: tuple[str, ...] | None = None
    mine: str | None = None
    choice: Choice | None = None

    @property
    def own(self) -> str:
        """What its writer typed, before it was put together with anything."""
        return self.text if self.mine is None else self.mine

    @property
    def is_too_long(self) -> bool:
        return max(len(self.text), len(self.own)) > LONGEST_TEXT


@dataclass(frozen=True)
class TwoTexts:
    """A cell that somebody else saved first: hers stands, mine waits; ``text`` is what would become of both."""

    view: ColumnView
    mine: str
    choice: Choice
    edited: str | None
    is_again: bool = False
    """Hers changed once more while the two were put together."""

    @cached_property
    def proposed(self) -> Mapping[Choice, str]:
        """The outcome by each choice, as people type it."""
        return {choice: typed(text) for choice, text in outcomes(self.view, self.mine).items()}

    @property
    def text(self) -> str:
        return self.proposed[self.choice] if self.edited is None else self.edited

    @property
    def marked(self) -> list[tuple[Paragraph, bool]]:
        """Mine, each paragraph with whether hers lacks it."""
        own = to_paragraphs(self.mine)
        return list(zip(own, lacking(self.view.as_typed, own), strict=True))


@dataclass(frozen=True)
class Cell:
    """A cell as the form shows it: its text as it is saved, or as it was typed and not saved yet."""

    view: ColumnView
    sent: SentCell | None = None
    two: TwoTexts | None = None

    @property
    def name(self) -> str:
        return self.view.name

    @property
    def seen(self) -> str:
        return stamp(self.view)

    @property
    def text(self) -> str:
        if self.two:
            return self.two.text
        return self.sent.text if self.sent else self.view.typed

    @property
    def facts(self) -> tuple[str, ...]:
        """The keys of the facts that lay under the text when it was shown first."""
        if self.sent and self.sent.facts is not None:
            return self.sent.facts
        return tuple(fact.facts_key for fact in self.view.composed.facts)

    @property
    def is_unsaved(self) -> bool:
        return self.sent is not None

    @property
    def is_too_long(self) -> bool:
        return self.sent is not None and self.sent.is_too_long


def asked(form: MultiDict[str, str]) -> tuple[str, str, str]:
    """What the pressed button is to do, to which cell, and with what; empty where it only saves."""
    verb, name, argument = [*form.get("do", "").split(" ", 2), "", "", ""][:3]
    return verb, name, argument


def sent_cells(form: MultiDict[str, str]) -> Iterator[SentCell]:
    """Every cell that the form sent."""
    for key in form:
        part, _, name = key.partition("-")
        if part == "text" and name:
            facts, choice = form.get(f"facts-{name}"), form.get(f"choice-{name}")
            yield SentCell(
                name,
                form[key],
                form.get(f"seen-{name}", ""),
                None if facts is None else tuple(facts.split()),
                form.get(f"mine-{name}"),
                next((one for one in CHOICES if one == choice), None),
            )


def as_fields(cell: SentCell) -> Iterator[tuple[str, str]]:
    """The cell as the form's fields, to be shown again."""
    values = (cell.text, cell.seen, None if cell.facts is None else " ".join(cell.facts), cell.mine, cell.choice)
    for part, value in zip(_PARTS, values, strict=True):
        if value is not None:
            yield f"{part}-{cell.name}", value


def shown(views: Iterable[ColumnView], sent: Iterable[SentCell]) -> list[Cell]:
    """The cells, with what was typed into them before and is not saved."""
    by_name = {cell.name: cell for cell in sent}
    return [_shown(view, by_name.get(view.name)) for view in views]


def _shown(view: ColumnView, sent: SentCell | None) -> Cell:
    if sent is None:
        return Cell(view)
    if sent.mine is not None and sent.seen == stamp(view):
        return Cell(view, sent, TwoTexts(view, sent.mine, sent.choice or "append", sent.text))
    state = state_of(view, sent.own, sent.seen)
    if state == "saved_meanwhile":
        return Cell(view, sent, TwoTexts(view, sent.own, sent.choice or "append", None, sent.mine is not None))
    return Cell(view, sent if state == "changed" else None)
