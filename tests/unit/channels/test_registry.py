"""What every channel of the registry must hold for the rest of the house."""

import pytest

from tests.conftest import ROOT
from tracker.channels.base import Channel
from tracker.channels.registry import channels, find_channel, going_out, with_address
from tracker.models import Member
from tracker.reminders.recipients import Person


def test_names_are_distinct_and_the_last_one_needs_nothing() -> None:
    names = [channel.name for channel in channels()]
    assert len(set(names)) == len(names)
    assert not channels()[-1].goes_out
    assert find_channel("pigeon") is None
    assert with_address("no such field") is None


@pytest.mark.parametrize("channel", channels(), ids=lambda channel: channel.name)
def test_a_channel_fits_the_database_and_the_people(channel: Channel) -> None:
    assert 0 < len(channel.name) <= 8
    for field in filter(None, (channel.address_field, channel.failure_field)):
        assert hasattr(Member, field)
        assert field in Person._fields
    assert channel.goes_out == bool(channel.address_field)


@pytest.mark.parametrize("channel", going_out(), ids=lambda channel: channel.name)
def test_a_channel_is_examined_and_its_settings_are_written_down(channel: Channel) -> None:
    page = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    assert channel.variables
    assert [name for name in channel.variables if f"`{name}`" not in page] == []
    assert channel.check is not None
    assert channel.check_name
