"""The sub-commands of `tillmate`, one a file; each is imported only when it is called."""
