"""The ledger's key as a text that a person can write down and type again: Crockford's base32 with a checksum.

14 groups of 4: 256 bits of key and 24 bits of its SHA-256. Letters that look alike count as the same, in Latin
and in Cyrillic; a wrong letter is found, and the group it stands in is named.
"""

import hashlib

from terminal.ledger.key import KEY_BYTES, KeyUnavailable

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK_BYTES = 3
_GROUP = 4
_LENGTH = (KEY_BYTES + _CHECK_BYTES) * 8 // 5
_LOOK_ALIKE = str.maketrans("OILАВСЕНКМРТХІОУ", "011ABCEHKMPTX10Y")
_BETWEEN = str.maketrans("", "", " \t\r\n-–—")


def recovery_text(key: bytes) -> str:
    """The key in 14 groups of four letters and digits, to be kept on paper."""
    assert len(key) == KEY_BYTES
    number = int.from_bytes(key + _checksum(key))
    symbols = "".join(_ALPHABET[number >> place & 31] for place in range(5 * (_LENGTH - 1), -1, -5))
    return "-".join(symbols[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def key_from_recovery(text: str) -> bytes:
    """The key that a recovery text was made from; raises KeyUnavailable that says what was mistyped."""
    symbols = text[:1000].upper().translate(_BETWEEN).translate(_LOOK_ALIKE)
    for place, symbol in enumerate(symbols):
        if symbol not in _ALPHABET:
            raise KeyUnavailable(f"Group {place // _GROUP + 1} holds a sign that no recovery key has.")
    if len(symbols) != _LENGTH:
        raise KeyUnavailable(
            f"A recovery key has {_LENGTH // _GROUP} groups of {_GROUP}, {_LENGTH} letters and digits in all; "
            f"{len(symbols)} were typed."
        )
    key = _checked(symbols)
    if key is None:
        raise KeyUnavailable(f"This is not the recovery key as it was shown. {_suspect(symbols)}")
    return key


def _checksum(key: bytes) -> bytes:
    return hashlib.sha256(b"tillmate recovery" + key).digest()[:_CHECK_BYTES]


def _checked(symbols: str) -> bytes | None:
    number = 0
    for symbol in symbols:
        number = number << 5 | _ALPHABET.index(symbol)
    data = number.to_bytes(KEY_BYTES + _CHECK_BYTES)
    key = data[:KEY_BYTES]
    return key if data[KEY_BYTES:] == _checksum(key) else None


def _suspect(symbols: str) -> str:
    """Where the fault is when one letter was mistyped, or two neighbours swapped; found by trying them all."""
    for place in range(_LENGTH):
        before, after = symbols[:place], symbols[place + 1 :]
        swapped = before + symbols[place + 1 : place + 2] + symbols[place] + symbols[place + 2 :]
        if any(_checked(form) for form in [swapped, *(before + other + after for other in _ALPHABET)]):
            return f"Look at group {place // _GROUP + 1} again."
    return "Compare every group; more than one letter differs."
