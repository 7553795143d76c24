"""What an agency changes in a pack: an overlay that leaves the shipped pack as it is, and can be taken off again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tracker.ita.pack import Item, Pack, Rule

OWN_SOURCE = "ระเบียบของหน่วยงานเอง"


def with_overrides(pack: Pack, changes: Mapping[str, Any]) -> Pack:
    """The pack with the agency's changes laid over it; what names a rule or item that is gone has no effect."""
    items, rules = changes.get("items", {}), changes.get("rules", {})
    window = changes.get("window")
    return replace(
        pack,
        window=replace(pack.window, **window, mark="own", source=OWN_SOURCE) if window else pack.window,
        items=tuple(_item(item, items.get(item.key, {})) for item in pack.items),
        rules=(
            *(_rule(rule, rules.get(rule.id, {})) for rule in pack.rules),
            *(_own(one, rules.get(one["id"], {})) for one in changes.get("own", ()) if _has_item(pack, one)),
        ),
    )


def _has_item(pack: Pack, own: Mapping[str, str]) -> bool:
    return any(item.key == own["item"] for item in pack.items)


def _item(item: Item, change: Mapping[str, Any]) -> Item:
    if not change:
        return item
    return replace(
        item,
        number=change.get("number", item.number),
        title=change.get("title", item.title),
        covers=change.get("covers", item.covers),
        mark="own",
        covers_mark="own" if "covers" in change else item.covers_mark,
        source=OWN_SOURCE,
    )


def _rule(rule: Rule, change: Mapping[str, Any]) -> Rule:
    text = change.get("text")
    if text:
        rule = replace(rule, text=text, text_en=text, changed=True)
    return replace(rule, off=bool(change.get("off", False)))


def _own(own: Mapping[str, str], change: Mapping[str, Any]) -> Rule:
    rule = Rule(own["id"], own["item"], "answer", own["text"], own["text"], "own", OWN_SOURCE)
    return _rule(rule, change)
