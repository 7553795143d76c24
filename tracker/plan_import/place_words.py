"""Where a warning belongs, in Thai: the places of every reader are English words and numbers."""

import re
from collections.abc import Mapping

_PLACES: Mapping[str, str] = {
    "measure": "มาตรการ",
    "step": "ขั้นตอน",
    "table at": "ตารางที่",
    "table": "ตาราง",
    "row": "แถว",
    "cover": "หน้าปก",
    "header": "หัวตาราง",
    "column": "คอลัมน์",
    "line": "บรรทัด",
    "paragraph": "ย่อหน้า",
    "sheet": "แผ่นงาน",
}
_PLACE = re.compile(rf"(?:^|(?<=, )|(?<=at ))(?:{'|'.join(_PLACES)})\b")


def thai_place(where: str) -> str:
    """measure 4, step 2 → มาตรการ 4 ขั้นตอน 2; words of the document stay."""
    return _PLACE.sub(lambda found: _PLACES[found[0]], where).replace(", ", " ")
