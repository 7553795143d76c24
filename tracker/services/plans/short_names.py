"""What the coordinator calls a step in messages, in place of its first words."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.errors import NotUnderstoodError
from tracker.models import Step
from tracker.reminders.short_step import LONGEST_STEP
from tracker.services.audit import Actor, lock, record
from tracker.thai.text import fix_text, squeeze_spaces
from tracker.thai.words import width

MOST_CHARACTERS = 80
"""What the column holds, marks above and below the letters counted."""


def set_short_name(session: Session, step: Step, name: str, *, by: Actor, at: datetime) -> None:
    """Gives the step its short name, or takes it away where ``name`` is empty. The plan's own text stays.

    Raises NotUnderstoodError where it is longer than two lines of a message on a telephone.
    """
    wanted = squeeze_spaces(fix_text(name.replace("\x00", ""))).strip() or None
    if wanted and (width(wanted) > LONGEST_STEP or len(wanted) > MOST_CHARACTERS):
        raise NotUnderstoodError(
            f"The short name is longer than {LONGEST_STEP} letters; shorten it.",
            f"ชื่อย่อยาวเกิน {LONGEST_STEP} ตัวอักษร กรุณาย่อลงอีก",
        )
    lock(session, step.agency_id)
    if wanted == step.short_name:
        return
    before, step.short_name = step.short_name, wanted
    record(session, step.agency_id, "step_named", by, at, step=step.text, before=before, after=wanted)
