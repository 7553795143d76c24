"""One PDF of parts that typst set one by one: pages, tags and bookmarks follow each other as if they were set at once.

What is set at once is held at once, half a megabyte a page; here one part is open at a time, and its objects go into
the whole as they stand, under new numbers (docs/adr/0021). Tags are named anew, for each part begins at the same names.
"""

import re
import zlib
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import accumulate
from pathlib import Path

import pikepdf

_TOKEN = re.compile(
    rb"/StructParents? (?P<key>\d+)|/ID \((?P<id>[^)\\]*)\)|/Headers \[(?P<headers>[^\]]*)\]"
    rb"|\((?:[^\\()]|\\.)*\)|<[0-9A-Fa-f]+>|(?P<number>\d+) 0 R",
    re.DOTALL,
)
_NAME = re.compile(rb"\(([^)\\]*)\)")
_PAGES = re.compile(rb"(?<=<xmpTPg:NPages>)\d+")
_INSTANCE = re.compile(rb"<xmpMM:InstanceID>([^<]+)<")
_OBJECTS_A_STREAM = 500


@dataclass(frozen=True)
class _Part:
    """What the whole must know of a part before it is written; numbers are those of the part itself."""

    objects: int
    tags: int
    catalog: int
    pages: int
    tree: int
    document: int
    outlines: int
    bookmarks: tuple[int, int, int] | None
    """The first, the last and how many are open."""
    once: frozenset[int]
    """Objects that the whole has once: of the first part, or written anew."""


@dataclass
class _Whole:
    """What the parts give to the objects that the whole has once."""

    pages: list[int] = field(default_factory=list)
    children: list[int] = field(default_factory=list)
    by_page: list[bytes] = field(default_factory=list)
    named: list[tuple[bytes, int]] = field(default_factory=list)


def joined(parts: Sequence[Path]) -> bytes:
    """The parts as one file with the first one's metadata; the same parts give the same bytes."""
    known = [_known(path) for path in parts]
    first = known[0]
    before = [0, *accumulate(part.objects for part in known)]
    tags = [0, *accumulate(part.tags for part in known)]
    file, whole = _File(before[-1]), _Whole()
    for place, (path, part) in enumerate(zip(parts, known, strict=True)):
        numbers = {
            part.pages: first.pages,
            part.tree: first.tree,
            part.document: first.document,
            part.outlines: first.outlines,
        }
        names = _Names(before[place], tags[place], b"P%d" % place if place else b"", numbers)
        with pikepdf.open(path) as pdf:
            _collect(pdf, names, whole)
            for one in pdf.objects:
                number = one.objgen[0]
                if number not in part.once:
                    body = names.renamed(_body(one))
                    if said := _chained(number, place, known, before):
                        body = body.removesuffix(b">>") + said + b" >>"
                    file.add(names.number(number), body, one)
    with pikepdf.open(parts[0]) as pdf:
        _write_once(pdf, first, whole, file, tags[-1], _outlines(known, before))
        metadata = _described(pdf.Root.Metadata.read_bytes(), len(whole.pages), file.digest())
        file.put(pdf.Root.Metadata.objgen[0], b"/Type /Metadata /Subtype /XML", metadata)
    return file.ended(first.catalog)


def _known(path: Path) -> _Part:
    with pikepdf.open(path) as pdf:
        root = pdf.Root
        tree, outlines = root.StructTreeRoot, root.Outlines
        parents = [one for one in (tree.ParentTree, tree.get("/IDTree"), tree.K) if one is not None and one.is_indirect]
        marked = "/First" in outlines
        own = [root, root.Pages, tree, tree.K[0], outlines, root.Metadata, *parents]
        return _Part(
            objects=int(pdf.trailer.Size),
            tags=int(tree.ParentTreeNextKey),
            catalog=root.objgen[0],
            pages=root.Pages.objgen[0],
            tree=tree.objgen[0],
            document=tree.K[0].objgen[0],
            outlines=outlines.objgen[0],
            bookmarks=(outlines.First.objgen[0], outlines.Last.objgen[0], int(outlines.Count)) if marked else None,
            once=frozenset(one.objgen[0] for one in own),
        )


@dataclass(frozen=True)
class _Names:
    """How numbers and names of a part are called in the whole."""

    before: int
    tags: int
    mark: bytes
    others: Mapping[int, int]

    def number(self, own: int) -> int:
        return self.others.get(own, own + self.before)

    def name(self, own: bytes) -> bytes:
        return self.mark + own

    def renamed(self, body: bytes) -> bytes:
        """An object's text with the numbers and names of the whole; strings that people read stay."""
        return _TOKEN.sub(self._token, body)

    def _token(self, found: re.Match[bytes]) -> bytes:
        if found["number"]:
            return b"%d 0 R" % self.number(int(found["number"]))
        if found["key"]:
            return found[0][: -len(found["key"])] + b"%d" % (int(found["key"]) + self.tags)
        if found["id"] is not None:
            return b"/ID (%s)" % self.name(found["id"])
        if found["headers"] is not None:
            return b"/Headers [%s]" % _NAME.sub(lambda name: b"(%s)" % self.name(name[1]), found["headers"])
        return found[0]


def _body(one: pikepdf.Object) -> bytes:
    return one.stream_dict.unparse(resolved=True) if isinstance(one, pikepdf.Stream) else one.unparse(resolved=True)


def _collect(pdf: pikepdf.Pdf, names: _Names, whole: _Whole) -> None:
    tree = pdf.Root.StructTreeRoot
    whole.pages += [names.number(page.obj.objgen[0]) for page in pdf.pages]
    whole.children += [names.number(tag.objgen[0]) for tag in tree.K[0].K]
    for key, value in _pairs(tree.ParentTree.Nums):
        whole.by_page.append(b"%d %s" % (int(key) + names.tags, names.renamed(value.unparse())))
    for name, tag in _pairs(tree.IDTree.Names) if "/IDTree" in tree else ():
        whole.named.append((names.name(bytes(name)), names.number(tag.objgen[0])))


def _pairs(flat: pikepdf.Object) -> Iterator[tuple[pikepdf.Object, pikepdf.Object]]:
    """Keys and values of a tree that is written as one list."""
    items = list(flat)
    return zip(items[::2], items[1::2], strict=True)


def _chained(number: int, place: int, known: Sequence[_Part], before: Sequence[int]) -> bytes:
    """What a part's first and last bookmark say of their neighbours in other parts."""
    marks = known[place].bookmarks
    if marks is None:
        return b""
    earlier = [at for at in range(place) if known[at].bookmarks]
    later = [at for at in range(place + 1, len(known)) if known[at].bookmarks]
    said = b""
    if number == marks[0] and earlier:
        said += b" /Prev %d 0 R" % _mark(known[earlier[-1]], before[earlier[-1]], 1)
    if number == marks[1] and later:
        said += b" /Next %d 0 R" % _mark(known[later[0]], before[later[0]], 0)
    return said


def _mark(part: _Part, before: int, which: int) -> int:
    return (part.bookmarks or (0, 0, 0))[which] + before


def _outlines(known: Sequence[_Part], before: Sequence[int]) -> bytes:
    marked = [at for at, part in enumerate(known) if part.bookmarks]
    if not marked:
        return b""
    first, last = _mark(known[marked[0]], before[marked[0]], 0), _mark(known[marked[-1]], before[marked[-1]], 1)
    return b" /First %d 0 R /Last %d 0 R /Count %d" % (first, last, sum(_mark(part, 0, 2) for part in known))


def _write_once(pdf: pikepdf.Pdf, first: _Part, whole: _Whole, file: "_File", tags: int, outlines: bytes) -> None:
    tree = pdf.Root.StructTreeRoot
    names = b" ".join(b"(%s) %d 0 R" % pair for pair in sorted(whole.named))
    file.add(first.catalog, _body(pdf.Root))
    file.add(first.pages, b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(whole.pages), _references(whole.pages)))
    file.add(first.outlines, b"<< /Type /Outlines%s >>" % outlines)
    file.add(
        first.document,
        b"<< /Type /StructElem /S /Document /P %d 0 R /K [%s] >>" % (first.tree, _references(whole.children)),
    )
    file.add(
        first.tree,
        b"<< /Type /StructTreeRoot /K [%d 0 R] /RoleMap %s /ParentTree << /Nums [%s] >> /ParentTreeNextKey %d%s >>"
        % (
            first.document,
            tree.RoleMap.unparse(resolved=True),
            b" ".join(whole.by_page),
            tags,
            b" /IDTree << /Names [%s] >>" % names if names else b"",
        ),
    )


def _references(numbers: Sequence[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _described(metadata: bytes, pages: int, digest: bytes) -> bytes:
    """How many pages there are, and a number that another content would not have."""
    told = _PAGES.sub(b"%d" % pages, metadata)
    instance = _INSTANCE.search(told)
    return told.replace(instance[1].removesuffix(b"_source"), b64encode(digest)) if instance else told


class _File:
    """A PDF as it grows: streams as they come, other objects hundreds to a compressed stream."""

    def __init__(self, objects: int) -> None:
        self._out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._where: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}
        self._waiting: list[tuple[int, bytes]] = []
        self._last = objects

    def add(self, number: int, body: bytes, one: pikepdf.Object | None = None) -> None:
        """An object under its number; of a stream, its content goes along as it is."""
        if isinstance(one, pikepdf.Stream):
            self._stream(number, body.removesuffix(b">>"), one.read_raw_bytes())
            return
        self._waiting.append((number, body))
        if len(self._waiting) == _OBJECTS_A_STREAM:
            self._flush()

    def put(self, number: int, entries: bytes, content: bytes) -> None:
        """A stream with these entries, uncompressed."""
        self._stream(number, b"<< %s /Length %d" % (entries, len(content)), content)

    def digest(self) -> bytes:
        """Sixteen bytes that another content would not give."""
        self._flush()
        return sha256(self._out).digest()[:16]

    def ended(self, catalog: int) -> bytes:
        """The file with its table of objects."""
        name = self.digest().hex().encode()
        start, number = len(self._out), self._next()
        self._where[number] = (1, start, 0)
        rows = b"".join(
            kind.to_bytes(1) + at.to_bytes(4) + more.to_bytes(2)
            for kind, at, more in (self._where.get(one, (0, 0, 65535)) for one in range(number + 1))
        )
        table = zlib.compress(rows, 9)
        self._stream(
            number,
            b"<< /Type /XRef /W [1 4 2] /Size %d /Root %d 0 R /ID [<%s> <%s>] /Filter /FlateDecode /Length %d"
            % (number + 1, catalog, name, name, len(table)),
            table,
        )
        return bytes(self._out) + b"startxref\n%d\n%%%%EOF\n" % start

    def _next(self) -> int:
        self._last += 1
        return self._last

    def _stream(self, number: int, entries: bytes, content: bytes) -> None:
        self._where[number] = (1, len(self._out), 0)
        self._out += b"%d 0 obj\n%s >>\nstream\n%s\nendstream\nendobj\n" % (number, entries, content)

    def _flush(self) -> None:
        if not self._waiting:
            return
        stream = self._next()
        starts = accumulate((len(body) + 1 for _, body in self._waiting), initial=0)
        heads = b" ".join(b"%d %d" % (one[0], start) for one, start in zip(self._waiting, starts, strict=False))
        content = zlib.compress(heads + b"\n" + b"".join(body + b"\n" for _, body in self._waiting), 9)
        for index, (number, _) in enumerate(self._waiting):
            self._where[number] = (2, stream, index)
        entries = b"<< /Type /ObjStm /N %d /First %d /Filter /FlateDecode /Length %d"
        self._stream(stream, entries % (len(self._waiting), len(heads) + 1, len(content)), content)
        self._waiting = []
