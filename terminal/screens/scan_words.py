"""Why a scan was refused, in words."""

from terminal.rules.phrase import phrase

SCAN_REFUSALS = {
    "empty": phrase("The scanner sent nothing. Scan again."),
    "too_long": phrase("This code is too long to be a card or goods."),
    "control_character": phrase("This code holds control characters. It was not used."),
    "payment_card": phrase("This is a bank card. Scan the loyalty card; the number was not kept."),
    "check_digit": phrase("The code was not read right. Scan again."),
    "unknown": phrase("This code is neither a card nor goods of this shop."),
}
"""By `RefusedScan.reason`."""
