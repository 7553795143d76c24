"""The ways to a person: a folder each, and one line each in the registry."""
