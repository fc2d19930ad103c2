"""A table of the programme's file: typed, told in words beside each key, and closed to keys nobody knows."""

import msgspec


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A key that we don't know is a mistake, never ignored."""


def told(words: str) -> msgspec.Meta:
    """What a key means, in a sentence for the owner; the reference of all keys is made of these."""
    return msgspec.Meta(description=words)
