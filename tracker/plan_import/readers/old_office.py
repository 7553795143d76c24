"""Word and Excel 97–2003 files, converted by LibreOffice where it is installed: in its own folder, without macros."""

import shutil
import tempfile
from pathlib import Path

from tracker.plan_import.readers import sandbox

_LIMITS = sandbox.Limits(wall=90, work=60, memory=4_000_000_000)
"""LibreOffice starts in some seconds, and takes as long again for a plan."""
_PROGRAMS = ("soffice", "libreoffice")
_NEW = {"doc": "docx", "xls": "xlsx"}
_FILTERS = {"doc": "MS Word 97", "xls": "MS Excel 97"}
"""What the file must be: LibreOffice makes a text of anything else."""
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
</oor:items>"""
"""Of LibreOffice: no macro runs, from wherever it comes."""


def converted(data: bytes, kind: str) -> bytes | None:
    """The file as .docx or .xlsx; None where LibreOffice is not installed or does not read it."""
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        (folder / f"plan.{kind}").write_bytes(data)
        arguments = (
            program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck",
            f"--infilter={_FILTERS[kind]}", "--convert-to", _NEW[kind], "--outdir", str(folder),
            str(folder / f"plan.{kind}"),
        )  # fmt: skip
        sandbox.run(arguments, b"", _LIMITS, folder, {"HOME": str(folder)})
        result = folder / f"plan.{_NEW[kind]}"
        return result.read_bytes() if result.is_file() else None
