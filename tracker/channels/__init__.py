"""The ways out: e-mail and LINE. (The mailbox is a table, written together with the ledger's mark.)"""
