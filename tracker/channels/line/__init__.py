"""LINE: the Messaging API, and the buttons whose presses come back from it."""
