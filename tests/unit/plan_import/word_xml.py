"""Word documents written as XML, for what python-docx cannot make: lists, changes, controls, hidden text."""

import zipfile
from html import escape
from io import BytesIO

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_MAIN = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
BREAK = "<w:r><w:br/></w:r>"
TAB = "<w:r><w:tab/></w:r>"
MERGED = "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>"


def word(body: str, numbering: str = "") -> bytes:
    """A document with this body and, if given, these list definitions."""
    parts = {"document": f"<w:body>{body}</w:body>"} | ({"numbering": numbering} if numbering else {})
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES}.{name}{".main" * (name == "document")}+xml"/>'
        for name in parts
    )
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        default = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        package.writestr("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types">{default}{overrides}</Types>')
        package.writestr("_rels/.rels", _relation("officeDocument", "word/document.xml"))
        package.writestr("word/_rels/document.xml.rels", _relation("numbering", "numbering.xml"))
        for name, xml in parts.items():
            package.writestr(f"word/{name}.xml", f"<w:{name} {_MAIN}>{xml}</w:{name}>")
    return out.getvalue()


def run(text: str) -> str:
    """A run of text."""
    return f'<w:r><w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r>'


def paragraph(*content: str, numbered: tuple[int, int] | None = None) -> str:
    """A paragraph of texts and XML; ``numbered`` is its list and level."""
    listed = ""
    if numbered:
        listed = f'<w:numPr><w:ilvl w:val="{numbered[1]}"/><w:numId w:val="{numbered[0]}"/></w:numPr>'
    runs = "".join(piece if piece.startswith("<") else run(piece) for piece in content)
    return f"<w:p><w:pPr>{listed}</w:pPr>{runs}</w:p>"


def cell(*content: str, span: int = 1, down: bool = False) -> str:
    """A cell of texts (a paragraph a line) and XML; ``down`` begins a vertical merge."""
    merge = '<w:vMerge w:val="restart"/>' if down else ""
    inner = "".join(piece if piece.startswith("<") else "".join(map(paragraph, piece.split("\n"))) for piece in content)
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{merge}</w:tcPr>{inner or "<w:p/>"}</w:tc>'


def row(*cells: str) -> str:
    """A row; what is no XML becomes a cell."""
    return f"<w:tr>{''.join(one if one.startswith('<') else cell(one) for one in cells)}</w:tr>"


def table(*rows: str) -> str:
    """A table."""
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def lists(*levels_of: tuple[tuple[str, str], ...], restarts: tuple[tuple[int, int], ...] = ()) -> str:
    """Definitions 1, 2, … (format and text of each level), a list of each, and lists that count anew: (list, of)."""
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{number}">'
        + "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for level, (form, text) in enumerate(levels)
        )
        + "</w:abstractNum>"
        for number, levels in enumerate(levels_of, 1)
    )
    plain = "".join(_list(number, number) for number in range(1, len(levels_of) + 1))
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    return abstract + plain + "".join(_list(number, of, anew) for number, of in restarts)


def inserted(text: str) -> str:
    """A tracked insertion."""
    return f"<w:ins>{run(text)}</w:ins>"


def deleted(text: str) -> str:
    """A tracked deletion."""
    return f"<w:del><w:r><w:delText>{text}</w:delText></w:r></w:del>"


def hidden(text: str) -> str:
    """Text formatted as hidden."""
    return f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>{text}</w:t></w:r>"


def control(content: str) -> str:
    """A content control around anything."""
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def text_box(text: str) -> str:
    """A text box as Word writes it: twice, for new readers and old ones."""
    inner = f"<w:txbxContent>{paragraph(text)}</w:txbxContent>"
    old = f"<mc:Fallback><w:pict><v:textbox>{inner}</v:textbox></w:pict></mc:Fallback>"
    new = f"<mc:Choice><w:drawing>{inner}</w:drawing></mc:Choice>"
    return f"<w:r><mc:AlternateContent>{new}{old}</mc:AlternateContent></w:r>"


def _list(number: int, of: int, override: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{override}</w:num>'


def _relation(kind: str, target: str) -> str:
    relation = f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{relation}</Relationships>'
