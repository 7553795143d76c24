"""The papers that go with a report: memos to units and to the executive, and the national form's sheet."""
