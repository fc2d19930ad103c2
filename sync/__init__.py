"""The sync process and the reference site: a process of its own, which meets the till only at the ledger file."""
