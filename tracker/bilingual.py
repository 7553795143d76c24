"""A sentence for people in both languages."""


class Said(str):
    """An English sentence that carries its Thai (``th``): the command line shows one, the web the reader's."""

    __slots__ = ("th",)

    th: str

    def __new__(cls, english: str, thai: str) -> "Said":
        said = super().__new__(cls, english)
        said.th = thai
        return said

    def then(self, english: str, thai: str) -> "Said":
        """The sentence with more after it."""
        return Said(f"{self}{english}", f"{self.th}{thai}")
