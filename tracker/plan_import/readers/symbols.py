"""Ticks and arrows that are letters of a symbol font (ü of Wingdings, P of Wingdings 2), as the signs people see."""

import re

_WINGDINGS = {
    "ü": "✓", "û": "✗", "þ": "☑", "ý": "☒", "¨": "☐", "o": "☐", "q": "☐", "n": "■", "l": "●", "§": "▪", "u": "◆",
    "«": "★", "à": "→", "è": "→", "ð": "→", "ß": "←", "ç": "←", "ï": "←", "ó": "↔", "Ø": "➢", "v": "•", "m": "○",
}  # fmt: skip
_FONTS = {
    "wingdings": _WINGDINGS,
    "wingdings2": {"P": "✓", "O": "✗", "R": "☑", "S": "☒", "Q": "☒", "T": "☒", "£": "☐", "—": "●", "˜": "●"},
    "wingdings3": {"f": "←", "g": "→", "t": "◄", "u": "►", "D": "↔"},
    "webdings": {"a": "✓", "r": "✗", "n": "●", "g": "■", "c": "☐", "3": "◄", "4": "►"},
    "symbol": {"Ö": "√", "·": "•", "®": "→", "¬": "←", "«": "↔"},
}
_PRIVATE = re.compile("[\uf020-\uf0ff]")
"""Where Word keeps the letters of a symbol font that it knows to be one."""


def signs(text: str, font: str | None = None) -> str:
    """The text with the letters of a symbol font as signs, where it is in one; letters unknown of it are bullets."""
    known = _FONTS.get(re.sub(r"[\s\"']", "", font or "").casefold())
    if known is None:
        return _PRIVATE.sub(lambda found: _WINGDINGS.get(chr(ord(found[0]) - 0xF000), "•"), text)
    letters = (chr(ord(letter) - 0xF000) if _PRIVATE.match(letter) else letter for letter in text)
    return "".join(letter if letter.isspace() else known.get(letter, "•") for letter in letters)


def is_symbol_font(font: str) -> bool:
    """Whether a font's letters are signs."""
    return re.sub(r"[\s\"']", "", font).casefold() in _FONTS
