"""The till's screens: each composes, handles and dismisses; what people do is in `terminal.desk`."""
