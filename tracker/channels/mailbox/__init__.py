"""The mailbox of the web pages: a table, written together with the mark in the ledger."""
