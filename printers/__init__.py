"""Slips as data, their bytes for ESC/POS printers, the ports they go through and a queue that survives faults."""
