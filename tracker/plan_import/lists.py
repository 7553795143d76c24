"""Numbers as lists show them where they are no digits: letters and Roman numerals."""

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LATIN = "abcdefghijklmnopqrstuvwxyz"
THAI_LETTERS = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"


def alphabetic(number: int, letters: str = _LATIN) -> str:
    """1 → a, 26 → z, 27 → aa, as word processors count: the letter again for each round."""
    if number < 1:
        return str(number)
    return letters[(number - 1) % len(letters)] * ((number - 1) // len(letters) % 20 + 1)


def roman(number: int) -> str:
    """4 → iv; digits outside 1 to 3999."""
    if not 0 < number < 4000:
        return str(number)
    written = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        written += sign * times
    return written
