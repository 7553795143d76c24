"""The usual units of an อบต., a เทศบาล, a school and a hospital, with the other names under which plans know them."""

from dataclasses import dataclass

from tracker.kinds import UnitKind
from tracker.plan_import.parties import party_key
from tracker.thai.agency_kinds import AgencyKind


@dataclass(frozen=True, slots=True)
class UsualUnit:
    """A unit as many agencies have it; ``under`` names the division that a section stands under."""

    name: str
    others: tuple[str, ...] = ()
    under: str | None = None

    @property
    def kind(self) -> UnitKind:
        return UnitKind.SECTION if self.under else UnitKind.DIVISION


@dataclass(frozen=True, slots=True)
class UnitSet:
    """What a kind of agency usually has, and what it often has beside that."""

    units: tuple[UsualUnit, ...]
    often: tuple[UsualUnit, ...]


_FINANCE = UsualUnit("กองคลัง", ("คลัง", "งานการเงิน", "ส่วนการคลัง"))
_WORKS = UsualUnit("กองช่าง", ("ช่าง", "ส่วนโยธา"))
_WELFARE = UsualUnit("กองสวัสดิการสังคม", ("สวัสดิการ", "พัฒนาชุมชน", "งานพัฒนาชุมชน"))
_AUDIT = UsualUnit("หน่วยตรวจสอบภายใน", ("ตรวจสอบภายใน", "งานตรวจสอบภายใน"))
_HEALTH = UsualUnit("กองสาธารณสุขและสิ่งแวดล้อม", ("สาธารณสุข", "กองสาธารณสุข"))
_STRATEGY = UsualUnit("กองยุทธศาสตร์และงบประมาณ", ("กองยุทธศาสตร์", "กองวิชาการและแผนงาน", "งานนโยบายและแผน"))
_FARMING = UsualUnit("กองส่งเสริมการเกษตร", ("ส่งเสริมการเกษตร", "งานส่งเสริมการเกษตร"))


def _works_of(office: str) -> tuple[UsualUnit, ...]:
    return (
        UsualUnit("งานนิติการ", ("นิติกร", "งานกฎหมาย", "งานกฎหมายและคดี"), office),
        UsualUnit("งานประชาสัมพันธ์", ("ฝ่ายประชาสัมพันธ์", "นักประชาสัมพันธ์"), office),
        UsualUnit("งานป้องกันและบรรเทาสาธารณภัย", ("งานป้องกัน", "ปภ."), office),
        UsualUnit("งานการเจ้าหน้าที่", ("การเจ้าหน้าที่", "งานบริหารงานบุคคล"), office),
    )


SETS = {
    AgencyKind.SUBDISTRICT: UnitSet(
        (
            UsualUnit("สำนักปลัด", ("สป.", "สำนักงานปลัด", "สำนักปลัดองค์การบริหารส่วนตำบล", "สำนักปลัด อบต.")),
            _FINANCE,
            _WORKS,
            UsualUnit("กองการศึกษา ศาสนาและวัฒนธรรม", ("กองการศึกษา", "ศึกษา", "ส่วนการศึกษา")),
            _WELFARE,
            _AUDIT,
        ),
        (*_works_of("สำนักปลัด"), _HEALTH, _STRATEGY, _FARMING),
    ),
    AgencyKind.MUNICIPALITY: UnitSet(
        (
            UsualUnit("สำนักปลัดเทศบาล", ("สป.", "สำนักปลัด", "สำนักงานปลัด", "สำนักงานปลัดเทศบาล")),
            _FINANCE,
            _WORKS,
            _HEALTH,
            UsualUnit("กองการศึกษา", ("ศึกษา", "สำนักการศึกษา", "ส่วนการศึกษา")),
            _STRATEGY,
        ),
        (*_works_of("สำนักปลัดเทศบาล"), _WELFARE, _AUDIT, UsualUnit("กองการประปา", ("ประปา", "งานประปา"))),
    ),
    AgencyKind.SCHOOL: UnitSet(
        (
            UsualUnit("กลุ่มบริหารวิชาการ", ("วิชาการ", "ฝ่ายวิชาการ", "งานวิชาการ", "กลุ่มบริหารงานวิชาการ")),
            UsualUnit("กลุ่มบริหารงบประมาณ", ("งบประมาณ", "ฝ่ายงบประมาณ", "งานงบประมาณ", "กลุ่มบริหารงานงบประมาณ")),
            UsualUnit("กลุ่มบริหารงานบุคคล", ("บุคคล", "ฝ่ายบุคคล", "งานบุคคล", "ฝ่ายบริหารงานบุคคล")),
            UsualUnit("กลุ่มบริหารทั่วไป", ("บริหารทั่วไป", "ฝ่ายบริหารทั่วไป", "กลุ่มบริหารงานทั่วไป")),
        ),
        (
            UsualUnit("กลุ่มกิจการนักเรียน", ("กิจการนักเรียน", "ฝ่ายกิจการนักเรียน", "ฝ่ายปกครอง")),
            UsualUnit("งานการเงินและพัสดุ", ("งานการเงิน", "งานพัสดุ"), "กลุ่มบริหารงบประมาณ"),
            UsualUnit("งานประชาสัมพันธ์", ("ฝ่ายประชาสัมพันธ์",), "กลุ่มบริหารทั่วไป"),
            UsualUnit("งานแผนงาน", ("งานแผนงานและประกันคุณภาพ", "ฝ่ายแผนงาน"), "กลุ่มบริหารงบประมาณ"),
        ),
    ),
    AgencyKind.HOSPITAL: UnitSet(
        (
            UsualUnit("กลุ่มงานบริหารทั่วไป", ("บริหารทั่วไป", "ฝ่ายบริหารทั่วไป", "งานบริหารทั่วไป")),
            UsualUnit("กลุ่มงานการพยาบาล", ("การพยาบาล", "กลุ่มการพยาบาล", "ฝ่ายการพยาบาล")),
            UsualUnit("กลุ่มงานเภสัชกรรมและคุ้มครองผู้บริโภค", ("เภสัชกรรม", "กลุ่มงานเภสัชกรรม", "ฝ่ายเภสัชกรรม")),
            UsualUnit("กลุ่มงานทันตกรรม", ("ทันตกรรม", "ฝ่ายทันตกรรม", "ฝ่ายทันตสาธารณสุข")),
            UsualUnit("กลุ่มงานบริการด้านปฐมภูมิและองค์รวม", ("ปฐมภูมิ", "กลุ่มงานเวชปฏิบัติครอบครัวและชุมชน")),
            UsualUnit("กลุ่มงานเทคนิคการแพทย์", ("เทคนิคการแพทย์", "ห้องปฏิบัติการ", "กลุ่มงานชันสูตร")),
            UsualUnit(
                "กลุ่มงานประกันสุขภาพ ยุทธศาสตร์และสารสนเทศทางการแพทย์",
                ("กลุ่มงานประกันสุขภาพ", "งานประกันสุขภาพ", "กลุ่มงานยุทธศาสตร์"),
            ),
        ),
        (
            UsualUnit("กลุ่มงานการแพทย์", ("องค์กรแพทย์", "การแพทย์")),
            UsualUnit("กลุ่มงานรังสีวิทยา", ("รังสีวิทยา", "กลุ่มงานรังสีการแพทย์")),
            UsualUnit("กลุ่มงานเวชกรรมฟื้นฟู", ("กายภาพบำบัด", "กลุ่มงานกายภาพบำบัด")),
            UsualUnit("งานพัสดุ", ("ฝ่ายพัสดุ", "งานพัสดุและบำรุงรักษา"), "กลุ่มงานบริหารทั่วไป"),
            UsualUnit("งานการเงินและบัญชี", ("งานการเงิน", "ฝ่ายการเงิน"), "กลุ่มงานบริหารทั่วไป"),
        ),
    ),
}


def usual_unit(name: str, kind: AgencyKind | None) -> UsualUnit | None:
    """The usual unit of this name, with what belongs to it; the agency's own kind is asked first."""
    key = party_key(name)
    kinds = sorted(SETS, key=lambda one: one is not kind)
    units = (unit for one in kinds for unit in (*SETS[one].units, *SETS[one].often))
    return next((unit for unit in units if party_key(unit.name) == key), None)
