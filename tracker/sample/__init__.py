"""A made-up subdistrict administration with a living plan, for trying the tracker out. Nothing in it is real."""

from tracker.sample.load import AGENCY, SampleAccounts, load_sample

__all__ = ["AGENCY", "SampleAccounts", "load_sample"]
