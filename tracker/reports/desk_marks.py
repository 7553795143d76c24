"""What is to be answered in a report's text, in reading order: slips of spelling, news, claims. Pure.

A mark lies on a stretch of a paragraph; news lies after the paragraph that it follows or goes on in.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.proofreading.spelling import Misspelling
from tracker.reports.claims import Claim
from tracker.reports.new_facts import News, Taken
from tracker.thai.paragraphs import Paragraph, Paragraphs


@dataclass(frozen=True, slots=True)
class SpellingMark:
    """A slip at a place; ``nth`` counts the same slip through the text from 0."""

    paragraph: int
    start: int
    end: int
    slip: Misspelling
    nth: int


@dataclass(frozen=True, slots=True)
class ClaimMark:
    """Words that say more than was ticked."""

    paragraph: int
    start: int
    end: int
    claim: Claim


@dataclass(frozen=True, slots=True)
class NewsMark:
    """A piece of news with the text that it would make; ``paragraph`` is the one before it, -1 at the beginning."""

    paragraph: int
    start: int
    end: int
    news: News
    taken: Taken | None
    """None where it holds no more and only the eye is asked for."""

    @property
    def continues(self) -> bool:
        return self.taken is not None and self.taken.continued is not None

    @property
    def number(self) -> int | str | None:
        """The number of the item that it goes on in or becomes."""
        if self.taken is None:
            return None
        place = self.taken.continued if self.taken.continued is not None else self.taken.places[0]
        return next(
            (one.number for one in reversed(self.taken.paragraphs[: place + 1]) if one.number is not None), None
        )

    @property
    def added(self) -> tuple[Paragraph, ...]:
        """The paragraphs that it would add."""
        return tuple(self.taken.paragraphs[place] for place in self.taken.places) if self.taken else ()


Mark = SpellingMark | ClaimMark | NewsMark


def marks_in(
    text: Paragraphs,
    slips: Mapping[int, Sequence[Misspelling]],
    claims: Iterable[Claim],
    news: Iterable[tuple[News, Taken | None]],
) -> tuple[Mark, ...]:
    """Every mark of a text; ``slips`` are those of each paragraph, ``news`` each with the text that it would make."""
    found: list[Mark] = [*_spelling(text, slips), *_claims(text, claims), *_news(text, news)]
    return tuple(sorted(found, key=lambda one: (one.paragraph, one.start, one.end)))


def _spelling(text: Paragraphs, slips: Mapping[int, Sequence[Misspelling]]) -> Iterator[SpellingMark]:
    count: dict[str, int] = {}
    for place, paragraph in enumerate(text):
        for slip in dict.fromkeys(slips.get(place, ())):
            start = paragraph.text.find(slip.written)
            while start >= 0:
                end = start + len(slip.written)
                yield SpellingMark(place, start, end, slip, count.get(slip.written, 0))
                count[slip.written] = count.get(slip.written, 0) + 1
                start = paragraph.text.find(slip.written, end)


def _claims(text: Paragraphs, claims: Iterable[Claim]) -> Iterator[ClaimMark]:
    for claim in claims:
        place = next((at for at, one in enumerate(text) if one == claim.paragraph), None)
        if place is not None:
            start = claim.paragraph.text.find(claim.quote)
            yield ClaimMark(place, start, start + len(claim.quote), claim)


def _news(text: Paragraphs, news: Iterable[tuple[News, Taken | None]]) -> Iterator[NewsMark]:
    for one, taken in news:
        if taken is None:
            place = len(text) - 1
        elif taken.continued is not None:
            place = taken.continued
        else:
            place = taken.places[0] - 1
        end = len(text[place].text) if 0 <= place < len(text) else 0
        yield NewsMark(place, end, end, one, taken)


def mended(text: Paragraphs, slip: Misspelling, nth: int | None = None) -> Paragraphs:
    """The text with the word that is meant, everywhere or at its ``nth`` place alone."""
    result, seen = [], 0
    for paragraph in text:
        pieces = paragraph.text.split(slip.written)
        words = pieces[0]
        for piece in pieces[1:]:
            words += (slip.meant if nth in (None, seen) else slip.written) + piece
            seen += 1
        result.append(Paragraph(paragraph.number, words))
    return tuple(result)
