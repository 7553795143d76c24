"""A form as a browser without scripts sends it: every control as it stands, and what was changed in it."""

from typing import Any

import lxml.html


def fields_of(page: str, form_id: str) -> dict[str, object]:
    """The values that the form of this id would send, without a button's."""
    form: Any = lxml.html.fromstring(page).get_element_by_id(form_id)
    for area in form.iter("textarea"):
        area.text = (area.text or "").removeprefix("\n")  # as browsers read it, and lxml does not
    sent: dict[str, object] = {}
    for name, value in form.form_values():
        known = sent.get(name)
        sent[name] = value if known is None else [*(known if isinstance(known, list) else [known]), value]
    return sent


def place_of(page: str, party: str) -> str:
    """The number by which the preview's form names a party of the plan."""
    names = {value: name for name, value in fields_of(page, "preview").items() if name.startswith("party-")}
    return names[party].removeprefix("party-")
