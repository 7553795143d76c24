"""A digest as a LINE Flex bubble: short lines, a link to each task, within LINE's 30 KB."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tracker.channels.line.postback import done_data
from tracker.reminders.digest import Line, Section, View, lead_of, sections, subject_of
from tracker.thai.numerals import to_thai

MOST_BYTES = 28_000
MOST_LINES = 12
LONGEST_TEXT = 160


def flex_of(view: View, key: str) -> dict[str, Any]:
    """The bubble. What does not fit is counted, and is on the page that the button opens.

    ``key`` signs the "done" buttons, which only the reader's own tasks have.
    """
    its_sections = sections(view)
    for most in range(MOST_LINES, -1, -1):
        bubble = _bubble(view, its_sections, key, most)
        if len(json.dumps(bubble, ensure_ascii=False).encode()) <= MOST_BYTES:
            break
    return bubble


def _bubble(view: View, its_sections: Sequence[Section], key: str, most: int) -> dict[str, Any]:
    contents = [_text(lead_of(view), wrap=True)]
    contents += [_text(news.text, wrap=True, action=_opens("เปิดดู", news.url)) for news in view.news[:most]]
    shown = 0
    for section in its_sections:
        lines = section.lines[: most - shown]
        if lines:
            contents.append(_text(section.title, wrap=True, weight="bold", margin="lg"))
            contents += [part for line in lines for part in _parts(line, key)]
        shown += len(lines)
    if left := sum(len(section.lines) for section in its_sections) - shown + max(0, len(view.news) - most):
        more = f"และอีก {left} รายการ"
        contents.append(_text(to_thai(more) if view.thai_digits else more, margin="lg"))
    return {
        "type": "bubble",
        "header": _box([_text(subject_of(view), wrap=True, weight="bold")]),
        "body": _box(contents),
        "footer": _box(
            [{"type": "button", "style": "primary", "action": _opens("งานทั้งหมดของท่าน", f"{view.base_url}/")}]
        ),
    }


def _parts(line: Line, key: str) -> Iterator[dict[str, Any]]:
    yield _text(f"{line.step} ({line.units})" if line.units else line.step, wrap=True, margin="md")
    labels = [link.label for link in line.links]
    several = len(labels) > 1
    words = f"{line.words}: {', '.join(labels)}" if several else line.words
    yield _text(words, wrap=True, size="sm", color="#B3261E" if line.late else "#54616E")
    if line.note:
        yield _text(f"ผู้ประสานงานแจ้งว่า: {line.note}", wrap=True, size="sm")
    actions: list[dict[str, str]] = [_opens(f"เปิด {labels[0]}" if several else labels[0], line.links[0].url)]
    if line.tick is not None:
        data = done_data(key, line.tick)
        actions.append({"type": "postback", "label": "ทำแล้ว", "data": data, "displayText": "ทำแล้ว"})
    buttons = [{"type": "button", "height": "sm", "style": "link", "action": action} for action in actions]
    yield {"type": "box", "layout": "horizontal", "contents": buttons}


def _opens(label: str, url: str) -> dict[str, str]:
    return {"type": "uri", "label": label, "uri": url}


def _text(text: str, **style: Any) -> dict[str, Any]:
    short = text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT].rstrip()}…"
    return {"type": "text", "text": short, **style}


def _box(contents: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "box", "layout": "vertical", "contents": contents}
