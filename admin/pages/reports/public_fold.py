"""The long parts of a published report fold on its page, so that a phone reaches what stands under them; files stay."""

import re

from tracker.thai.numerals import to_thai

OPEN_UP_TO = 6
"""Rows or pictures of a part that is short enough to lie open."""
_PART = re.compile(r'<section class="(annex|links|photos)">\n<h2>(.*?)</h2>\n(.*?)\n</section>', re.DOTALL)


def folded(body: str, *, thai_digits: bool) -> str:
    """The report's HTML with its annex, links and photos as parts that open and close without script."""

    def fold(part: re.Match[str]) -> str:
        name, heading, content = part.groups()
        count = content.count("<figure>") or content.count("<tr>") - content.count("<thead>")
        shown = to_thai(count) if thai_digits else count
        return (
            f'<details class="{name}"{" open" if count <= OPEN_UP_TO else ""}>\n'
            f'<summary><h2>{heading}</h2> <span class="muted">{shown} รายการ</span></summary>\n{content}\n</details>'
        )

    return _PART.sub(fold, body)
