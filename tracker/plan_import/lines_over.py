"""Lines over rows that name what the rows have no column for: their party, or their time. Pure."""

from collections.abc import MutableMapping
from dataclasses import dataclass

from tracker.plan_draft import Warn
from tracker.plan_import.elsewhere import party_of_line, time_of_line
from tracker.plan_import.grid import Cell, Line, Row
from tracker.plan_import.header_words import Field
from tracker.plan_import.headers import Layout
from tracker.plan_import.row_cells import lines_in


@dataclass(slots=True)
class LinesOver:
    """The party and the time that the last such line named; empty for none."""

    party: str = ""
    time: str = ""

    def take(self, row: Row, layout: Layout) -> Warn | None:
        """What is to be said of a row that holds but a party or a time of the rows below; None where it does not."""
        fields = layout.fields()
        if len(row.filled) != 1:
            return None
        text = row.filled[0].text
        if "responsible" not in fields and (party := party_of_line(text)) is not None:
            self.party = party
            return Warn(row.place, f"แถวนี้เป็นผู้รับผิดชอบของแถวข้างล่าง โปรดตรวจ: “{party}”")
        if "period" not in fields and (time := time_of_line(text)) is not None:
            self.time = time
            return Warn(row.place, f"แถวนี้เป็นระยะเวลาของแถวข้างล่าง โปรดตรวจ: “{time}”")
        return None

    def fill(self, cells: MutableMapping[str, list[Cell]]) -> set[Field]:
        """Gives a measure's row what the lines over it name and it does not; the fields that it got."""
        filled: set[Field] = set()
        lines: tuple[tuple[Field, str], ...] = (("responsible", self.party), ("period", self.time))
        for field, text in lines:
            if text and not cells[field] and lines_in(cells["measure"]):
                cells[field] = [Cell((Line(text),), 0)]
                filled.add(field)
        return filled
