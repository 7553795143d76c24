"""The rules of the assessment as data, the changes an agency makes in them, and the check against them. Pure."""
