"""The catalogues' upkeep: words found in code and templates, brought into Thai, compiled.

``messages`` is extracted from ours; ``admin`` and ``wtforms`` hold the words of Flask-Admin and WTForms. The repository
has the sources (``.po``) alone: what is read at run time (``.mo``) is made by scripts/setup, the wheel and the tests.
"""

import sys
from pathlib import Path
from tempfile import NamedTemporaryFile

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from admin.translations import FOLDER

THAI = FOLDER / "th" / "LC_MESSAGES"
_SOURCES = [("**.py", "python"), ("templates/**.html", "jinja2")]
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
_JINJA = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}


def extracted() -> Catalog:
    """Every word that code and templates ask for, untranslated, in the order of the alphabet."""
    found = extract_from_dir(str(FOLDER.parent), _SOURCES, _JINJA, keywords=_KEYWORDS)
    words = Catalog()
    for message in sorted((message for _, _, message, _, _ in found), key=str):
        words.add(message)
    return words


def update() -> list[str]:
    """Brings what is asked for into ``messages.po`` and takes out what nobody asks for; gives what has no Thai yet."""
    path = THAI / "messages.po"
    with path.open("rb") as source:
        thai = read_po(source, locale="th")
    made, revised = thai.creation_date, thai.revision_date
    thai.update(extracted(), no_fuzzy_matching=True)
    thai.creation_date, thai.revision_date = made, revised  # two branches may add words without a quarrel about the day
    with path.open("wb") as target:
        write_po(target, thai, width=0, no_location=True, sort_output=True, ignore_obsolete=True)
    return [str(message.id) for message in thai if message.id and not message.string]


def compile_stale() -> None:
    """Makes each ``.mo`` that is missing or older than its source; a reader meanwhile sees the old or the new one."""
    for source in sorted(THAI.glob("*.po")):
        binary = source.with_suffix(".mo")
        if binary.exists() and binary.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text, locale="th")
        with NamedTemporaryFile(dir=THAI, delete=False) as unfinished:
            write_mo(unfinished, catalogue)
        whole = Path(unfinished.name)
        whole.chmod(0o644)
        whole.replace(binary)


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        for words in update():
            print(f"Without Thai: {words}", file=sys.stderr)  # noqa: T201
    compile_stale()
