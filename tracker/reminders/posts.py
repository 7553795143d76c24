"""What a person is called in place of the name: ผอ.กองช่าง, ผู้ประสานงาน, ปลัด."""

from tracker.models import Member, Role
from tracker.reminders.wording import head_of


def post_of(member: Member | None) -> str:
    """What a person is, in place of a name: ผอ.กองช่าง, ผู้ประสานงาน."""
    role: Role | None = member.roles[0] if member and member.roles else None
    if role is None:
        return "ผู้ประสานงาน"
    unit = role.unit.name if role.unit else ""
    head = head_of(unit)
    posts = {"head": head, "deputy": f"รอง{head}", "staff": f"เจ้าหน้าที่{unit}", "coordinator": "ผู้ประสานงาน"}
    return posts.get(role.role, "ปลัด" if role.rank == 1 else "นายก")
