"""Thai and Arabic digits, which mean the same on input."""

_THAI = "๐๑๒๓๔๕๖๗๘๙"
_TO_THAI = {ord(str(value)): digit for value, digit in enumerate(_THAI)}
_TO_ARABIC = {ord(digit): str(value) for value, digit in enumerate(_THAI)}


def to_thai(text: str | int) -> str:
    """The text with every ASCII digit as a Thai one: 2566 → ๒๕๖๖."""
    return str(text).translate(_TO_THAI)


def to_arabic(text: str) -> str:
    """The text with every Thai digit as an ASCII one; mixtures (๒๕๖5) occur in real documents."""
    return text.translate(_TO_ARABIC)
