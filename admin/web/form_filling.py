"""A form of a page filled in with what was typed before, and told what was wrong with it: HTML in, HTML out. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import html
from lxml.html import builder

_MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)
_UNTYPED = ("hidden", "submit", "button", "image", "reset", "file", "password")
"""Kinds of input whose value nobody types, or that no page repeats."""
_TOKEN = "csrf_token"  # noqa: S105  (the field's name)
SECRET = frozenset({_TOKEN, "draft", "password", "current", "new", "again", "code"})
"""Fields that are never kept: the form's token and the name of its draft, and what only its owner may know."""
SEEN = "seen-fields"
"""The hidden field that says what a form was shown with (two_savers.py): it goes back with what was typed."""
HAD_FILES = "had_files"
"""Stands among what was sent where files were, which are not kept."""
_MARK = "typed"
"""Where the address of a filled page leads to."""


@dataclass(frozen=True)
class Sent:
    """What a form sent to an address: its names and values, in order."""

    path: str
    values: tuple[tuple[str, str], ...]

    def of(self, name: str) -> list[str]:
        return [value for known, value in self.values if known == name]

    @property
    def names(self) -> set[str]:
        return {name for name, _ in self.values}


@dataclass(frozen=True)
class Said:
    """What the page says of the form: words over it, and the error of a field where it is known whose it is."""

    words: Sequence[str] = ()
    alarming: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
    heading: str = ""
    """What stands over words for which the form has no field any more."""


def main_of(page: str) -> str | None:
    """The page's ``<main>``, as it stands."""
    found = _MAIN.search(page)
    return found[0] if found else None


def with_main(page: str, main: str) -> str:
    """The page with another ``<main>``."""
    return _MAIN.sub(lambda _: main, page, count=1)


def held_form(page: str, sent: Sent, wrong: Mapping[str, str] | None = None) -> str | None:
    """The ``<main>`` of an answer that shows the form again; None where it shows another page.

    Its forms say where they lead to, so that they lead there from any address. Where the form was refused (``wrong``
    are the errors of fields, as far as they are known) it holds what was sent, whatever the page put there.
    """
    text = main_of(page)
    if text is None:
        return None
    main = html.fragment_fromstring(text)
    form = _find(main, sent, sent.path)
    if form is None:
        return None
    if wrong is not None:
        for name, controls in _by_name(form).items():
            if name in sent.names:  # others are as the answer has them: it may have received a file
                _put(controls, sent.of(name))
        _stamp(form, sent)
        for name, words in wrong.items():
            _blame(form, name, words)
        form.set("data-typed", "")
    _tie(form)
    if wrong is not None and not form.xpath(".//*[@aria-invalid]"):
        said = " ".join(one.text_content().strip() for one in main.xpath(".//*[@role='alert']"))
        about = meant(_texts(form), sent, said)
        if said and about:
            _blame(form, about, said)
    for other in _posting(main):
        other.set("action", urljoin(sent.path, other.get("action") or sent.path))
    for secret in main.xpath(".//input[@value]"):
        if secret.get("name") in SECRET:
            secret.set("value", "")
    for link in main.xpath(".//a[starts-with(@href, '?')]"):
        link.set("href", urljoin(sent.path, link.get("href")))
    mark = next(iter(form.xpath(".//*[@aria-invalid or contains(@class, 'error')] | .//*[@role='alert']")), form)
    _marked(_container(mark) if mark is not form else form)
    return _text(main)


def with_token(main: str, token: str) -> str:
    """The ``<main>`` with its forms signed anew."""
    parsed = html.fragment_fromstring(main)
    for signed in parsed.xpath(f".//input[@name='{_TOKEN}']"):
        signed.set("value", token)
    return _text(parsed)


def filled(page: str, path: str, sent: Sent, said: Said) -> str | None:
    """The page of an address with the form filled in; None where the form is not on it."""
    text = main_of(page)
    main = html.fragment_fromstring(text) if text else None
    form = _find(main, sent, path) if main is not None else None
    if main is None or form is None:
        return None
    for name, controls in _by_name(form).items():
        _put(controls, sent.of(name))
    _stamp(form, sent)
    homeless = _homeless(form, sent)
    wrong = [_blame(form, name, words) for name, words in said.errors.items()]
    rest = [words for name, words in said.errors.items() if name not in _by_name(form)]
    for box in _boxes(said.heading, homeless):
        form.insert(0, box)
    _announce(form, [*said.words, *rest], alarming=said.alarming)
    first = next((one for one in wrong if one is not None), None)
    if first is not None:
        first.set("autofocus", "")
    for fold in form.xpath("ancestor::details | .//details[.//*[@aria-invalid]]"):
        fold.set("open", "")
    form.set("data-typed", "")
    return with_main(page, _text(main))


def shown_apart(page: str, heading: str, words: Iterable[str]) -> str:
    """The page with the words on top, to be copied: for a form that is not there any more."""
    text = main_of(page)
    if text is None:
        return page
    main = html.fragment_fromstring(text)
    main.insert(0, builder.SECTION(builder.H2(heading), *_boxes(heading, words), {"class": "card", "id": _MARK}))
    return with_main(page, _text(main))


def text_names(page: str, path: str, sent: Sent) -> list[str]:
    """The names of the fields of the form into which words are typed."""
    text = main_of(page)
    form = _find(html.fragment_fromstring(text), sent, path) if text else None
    return [] if form is None else _texts(form)


def meant(texts: Sequence[str], sent: Sent, sentence: str) -> str | None:
    """Which field a sentence is about: the one whose words it quotes, or the only one; None where it may be any."""
    quoted = [name for name in texts if any(value.strip() and value in sentence for value in sent.of(name))]
    return quoted[0] if len(quoted) == 1 else texts[0] if len(texts) == 1 else None


def _texts(form: Any) -> list[str]:
    return [name for name, found in _by_name(form).items() if not _is_choice(found[0])]


def _find(main: Any, sent: Sent, path: str) -> Any | None:
    """The form that sent it: it leads there, has its fields, and names the same thing in its hidden ones.

    A form whose boxes are all empty sends no field at all.
    """
    best, most = None, 0
    for form in _posting(main):
        if urlsplit(urljoin(path, form.get("action") or path)).path != sent.path:
            continue
        typed = set(_by_name(form)) & sent.names
        hidden = [one for one in _controls(form) if one.get("type") == "hidden" and one.get("name") != _TOKEN]
        alike = sum(1 if one.get("value", "") in sent.of(one.get("name", "")) else -2 for one in hidden)
        score = 10 * len(typed) + alike
        if (typed and score > most) or (not sent.names and best is None):
            best, most = form, score
    return best


def _posting(main: Any) -> list[Any]:
    return [form for form in main.iter("form") if (form.get("method") or "").lower() == "post"]


def _controls(form: Any) -> Iterator[Any]:
    """The form's controls, also those that stand elsewhere and name it."""
    yield from form.xpath(".//input | .//textarea | .//select")
    if name := form.get("id"):
        root = form.getroottree().getroot()
        yield from (one for one in root.xpath("//*[@form]") if one.get("form") == name)


def _by_name(form: Any) -> dict[str, list[Any]]:
    """What people fill in, by name."""
    found: dict[str, list[Any]] = {}
    for one in _controls(form):
        if one.get("name") and (one.tag != "input" or one.get("type", "text") not in _UNTYPED):
            found.setdefault(one.get("name"), []).append(one)
    return found


def _is_choice(control: Any) -> bool:
    return control.tag == "select" or control.get("type") in ("checkbox", "radio")


def _put(controls: Sequence[Any], values: Sequence[str]) -> None:
    texts = iter(values)
    for control in controls:
        if control.tag == "select":
            for option in control.iter("option"):
                _flag(option, "selected", _value(option) in values)
        elif control.get("type") in ("checkbox", "radio"):
            _flag(control, "checked", control.get("value", "on") in values)
        elif (text := next(texts, None)) is None:
            continue
        elif control.tag == "textarea":
            control.text = f"\n{text}"  # the first line end of a text area is not part of it
        else:
            control.set("value", text)


def _stamp(form: Any, sent: Sent) -> None:
    """What the words were typed over, not what stands there by now."""
    for one in form.xpath(f".//input[@type='hidden' and @name='{SEEN}']"):
        for value in sent.of(SEEN):
            one.set("value", value)


def _homeless(form: Any, sent: Sent) -> list[str]:
    """What was sent in words for which the form has no field, or fewer than there were."""
    room = {name: len(controls) for name, controls in _by_name(form).items() if not _is_choice(controls[0])}
    standing = {one.get("name") for one in form.xpath(".//*[@name]")}
    left = [value for name in room for value in sent.of(name)[room[name] :]]
    left += [value for name, value in sent.values if name not in standing | {HAD_FILES}]
    return [value for value in left if any(mark.isalpha() for mark in value)]


def _boxes(heading: str, words: Iterable[str]) -> list[Any]:
    """Texts to be copied."""
    return [builder.TEXTAREA(text, {"aria-label": heading, "class": "field"}, readonly="", rows="3") for text in words]


def _value(option: Any) -> str:
    own = option.get("value")
    return str(own) if own is not None else " ".join(str(option.text_content()).split())


def _flag(element: Any, name: str, is_on: bool) -> None:
    if is_on:
        element.set(name, "")
    elif name in element.attrib:
        del element.attrib[name]


def _blame(form: Any, name: str, words: str) -> Any | None:
    """Says the error beside the field of that name; gives the field, None where the form has none."""
    controls = _by_name(form).get(name)
    if not controls:
        return None
    control = controls[0]
    box = _container(control)
    known = box.xpath(f".//*[{_has('error')}]")
    if control.get("aria-invalid") and known:
        return control
    ident = control.get("id") or f"{_MARK}-{name}"
    control.set("id", ident)
    control.set("aria-invalid", "true")
    described = (control.get("aria-describedby") or "").split()
    control.set("aria-describedby", " ".join([*described, f"{ident}-error"]))
    error = builder.P(words, {"class": "error", "id": f"{ident}-error"})
    if box is control:
        error.tail, control.tail = control.tail, None
        control.addnext(error)
    else:
        box.append(error)
    return control


def _tie(form: Any) -> None:
    """Says to screen readers which fields an error is about, where the page says it to the eye alone."""
    for error in form.xpath(f".//*[{_has('error')} or {_has('invalid-feedback')}]"):
        box = _container(error)
        controls = [] if box is error else box.xpath(".//input[@type!='hidden'] | .//textarea | .//select")
        if error.get("id") or any(one.get("aria-describedby") for one in controls if one.get("aria-invalid")):
            continue
        error.set("id", f"{_MARK}-{controls[0].get('name')}-error" if controls else f"{_MARK}-error")
        for control in controls:
            control.set("aria-invalid", "true")
            described = (control.get("aria-describedby") or "").split()
            control.set("aria-describedby", " ".join([*described, error.get("id")]))


def _has(word: str) -> str:
    return f"contains(concat(' ', @class, ' '), ' {word} ')"


def _container(element: Any) -> Any:
    """What holds the element and its label, where something does."""
    for above in element.iterancestors():
        if above.tag == "fieldset" or {"field", "form-group"} & set((above.get("class") or "").split()):
            return above
        if above.tag in ("form", "main", "td", "li"):
            break
    return element


def _announce(form: Any, words: Sequence[str], *, alarming: bool) -> None:
    if not words:
        return
    lines = [builder.SPAN(line) for line in words]
    for line in lines[:-1]:
        line.tail = " "
    notice = builder.DIV(
        builder.SPAN(*lines), {"class": "notice bad" if alarming else "notice warn", "id": _MARK},
        role="alert" if alarming else "status",
    )  # fmt: skip
    form.insert(0, notice)


def _marked(element: Any) -> None:
    if element.get("id") is None:
        element.set("id", _MARK)
    else:
        element.addprevious(builder.SPAN({"id": _MARK}))


def _text(main: Any) -> str:
    return str(html.tostring(main, encoding="unicode"))
