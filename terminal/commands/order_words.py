"""The words by which lists of orders name their columns and channels, in four languages."""

from terminal.rules.conditions import Channel
from terminal.rules.text import fold

_HEADERS = {
    "number": (
        "number", "order", "order number", "no", "no.", "№", "id", "receipt", "bill",
        "номер", "номер замовлення", "замовлення", "чек", "номер чека",
        "numer", "nr", "numer zamówienia", "zamówienie", "paragon",
        "номер заказа", "заказ",
    ),
    "channel": (
        "channel", "source", "канал", "джерело", "kanał", "źródło", "источник", "канал продаж", "канал продажів",
    ),
    "phone": (
        "phone", "phone number", "mobile", "customer", "customer's phone", "who",
        "телефон", "номер телефону", "мобільний", "тел", "клієнт", "покупець",
        "telefon", "tel", "numer telefonu", "nr telefonu", "klient", "номер телефона", "мобильный", "клиент",
        "покупатель",
    ),
    "card": (
        "card", "card number", "barcode", "картка", "карта", "номер картки", "номер карти", "штрих-код",
        "karta", "numer karty", "nr karty", "номер карты",
    ),
    "total": (
        "total", "sum", "amount", "total amount", "сума", "сума замовлення", "разом", "всього", "до сплати",
        "suma", "kwota", "wartość", "razem", "сумма", "сумма заказа", "итого", "всего",
    ),
    "date": (
        "date", "day", "ordered", "created", "дата", "день", "дата замовлення", "data", "dzień", "data zamówienia",
        "дата заказа",
    ),
    "expected": (
        "expected", "bonuses", "expected bonuses", "points", "redeem", "redeemed", "expected_points",
        "бонуси", "списати", "списано", "має бути списано", "бали", "очікувано",
        "punkty", "bonusy", "oczekiwane", "do pobrania",
        "бонусы", "списать", "должно быть списано", "баллы", "ожидалось",
    ),
}  # fmt: skip

COLUMNS = tuple(_HEADERS)

COLUMN_OF = {fold(header): column for column, headers in _HEADERS.items() for header in headers}
"""Which column a folded header names."""

NEEDED = ("total", "date")
WHO = ("phone", "card")
"""The columns that a list must have, and those of which one is enough."""

_CHANNELS: dict[Channel, tuple[str, ...]] = {
    "store": ("store", "shop", "till", "counter", "pos", "offline", "магазин", "каса", "крамниця", "sklep", "kasa",
              "касса"),
    "manager": ("manager", "phone", "call", "менеджер", "телефон", "дзвінок", "menedżer", "telefon", "kierownik",
                "звонок"),
    "site": ("site", "web", "website", "online", "internet", "сайт", "інтернет", "інтернет-магазин", "онлайн",
             "strona", "sklep internetowy", "интернет", "интернет-магазин"),
}  # fmt: skip

CHANNEL_OF: dict[str, Channel] = {fold(word): channel for channel, words in _CHANNELS.items() for word in words}
"""Which channel a folded word names."""
