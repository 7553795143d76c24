"""The report as DOCX: what an officer would type in Word, in TH SarabunPSK 16 pt on A4 landscape.

List numbers are typed text. The font is named, not embedded: Thai offices have it installed.
"""

from io import BytesIO

from tracker.reports import docx_annex, docx_body, docx_frame, docx_xml, own_template, wording
from tracker.reports.archive import with_fixed_times
from tracker.reports.assets import RenderAssets
from tracker.reports.data import ReportData
from tracker.reports.docx_parts import CELL, lines


def render(data: ReportData, material: RenderAssets) -> bytes:
    """The DOCX, in the agency's own template where it has one; the same data and material give the same bytes."""
    if material.template is not None:
        return own_template.render(data, material, material.template)
    document = docx_frame.new_document()
    docx_frame.set_properties(document, data)
    note = wording.DRAFT_NOTE if data.draft else ""
    docx_frame.write_cover(document, wording.cover(data), (data.agency, data.place), note)
    docx_frame.start_body(document, wording.running_title(data), thai_digits=data.thai_digits)
    for block in docx_body.signed_table_blocks(data):
        docx_frame.append(document, block)
    docx_frame.append(document, docx_xml.element(lines((), CELL)))
    for block in docx_annex.blocks(document, data, material):
        docx_frame.append(document, block)
    content = BytesIO()
    document.save(content)
    return with_fixed_times(content.getvalue(), data.recorded_at)
