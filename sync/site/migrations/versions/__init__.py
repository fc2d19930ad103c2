"""The migrations, in order of their numbers; a shipped one is never changed."""
