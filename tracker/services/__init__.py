"""The verbs of the system: each mutates, records an event, and leaves the commit to its caller."""
