"""A sentence for people in both languages."""


class Bilingual(str):
    """An English sentence that carries its Thai (``th``): the command line shows one, the web the reader's."""

    __slots__ = ("th",)

    th: str

    def __new__(cls, english: str, thai: str) -> "Bilingual":
        said = super().__new__(cls, english)
        said.th = thai
        return said

    def then(self, english: str, thai: str) -> "Bilingual":
        """The sentence with more after it."""
        return Bilingual(f"{self}{english}", f"{self.th}{thai}")
