"""Invented customers in any number: Ukrainian and Polish names, phones, cards; the same ones every time."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from terminal.rules.card import ean13_check_digit
from terminal.rules.text import fold


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _words(
    """
    Олена Оксана Ірина Наталія Тетяна Світлана Людмила Ганна Марія Юлія Катерина Вікторія Анастасія Дарина Софія
    Соломія Мар'яна Христина Богдана Леся Надія Любов Віра Галина Лариса Валентина Ніна Раїса Зоряна Злата Поліна
    Діана Аліна Яна Інна Алла Жанна Єва Ярина Уляна Олександр Сергій Володимир Андрій Микола Іван Михайло Василь
    Юрій Віктор Петро Дмитро Богдан Тарас Роман Олег Ігор Максим Назар Остап Павло Степан Ярослав Євген Артем
    Денис Антон Кирило Данило Матвій Григорій Федір Лев Захар Орест Маркіян Валерій Анатолій Руслан Вадим
    Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Krystyna Elżbieta Magdalena Joanna Zofia Jadwiga Dorota
    Piotr Krzysztof Andrzej Tomasz Paweł Jan Michał Marcin Stanisław Jerzy Marek Łukasz Adam Zbigniew Wojciech
    Jakub
    """
)
_STEMS = _words(
    """
    Ковал Бондар Шевч Ткач Кравч Олійн Лис Марч Савч Гнат Поліщ Мельн Руден Іван Петр Васил Федор Степан Роман
    Захар Тимош Павл Дмитр Григор Мирон Панас Остап Юрч Яким Левч Кузьм Назар Нестер Пилип Прокоп Радч Сав Сидор
    Симон Тарас Терещ Харч Хом Цимбал Чорн Шост Щерб Яр Гонч Дем Журав Зінч Кириленч Кост Лук Макар Мар Матв
    """
)
_ENDINGS = ("енко", "чук", "юк", "ик", "ів", "ський", "ишин", "ець", "ара", "няк")
_POLISH_LAST = _words(
    """
    Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski
    Kozłowski Jankowski Mazur Wojciechowski Kwiatkowski Krawczyk Kaczmarek Piotrowski Grabowski Zając Pawłowski
    Michalski Król Wieczorek Jabłoński Wróbel Nowakowski Majewski Olszewski Stępień Malinowski Jaworski Adamczyk
    Dudek Nowicki
    """
)
_MOBILE = ("50", "66", "95", "99", "67", "68", "96", "97", "98", "63", "73", "93")

# Numbers are spread over their range by multiplying with a prime that does not divide it, so none comes twice.
_RANGE = 12 * 10_000_000
_SPREAD = 48_271_003


@dataclass(frozen=True, slots=True)
class Invented:
    """A customer before it is in a ledger: `phone` is E.164 digits, `card` an EAN-13."""

    number: int
    name: str
    folded: str
    phone: str
    card: str


def invented(count: int, seed: int = 1) -> Iterator[Invented]:
    """Invent `count` customers; the first N are the same whatever the count."""
    chance = Random(seed)
    firsts = [(name, fold(name)) for name in _FIRST]
    lasts = [(name, fold(name)) for name in last_names()]
    for number in range(count):
        first, folded_first = firsts[chance.randrange(len(firsts))]
        last, folded_last = lasts[chance.randrange(len(lasts))]
        name = f"{first} {last}"
        yield Invented(number, name, f"{folded_first} {folded_last}", phone_of(number), card_of(number))


def last_names() -> list[str]:
    """Return the family names: Ukrainian ones from stems and endings, so that a tenth of them end in -енко."""
    return [stem + ending for stem in _STEMS for ending in _ENDINGS] + list(_POLISH_LAST)


def phone_of(number: int) -> str:
    """Return the Ukrainian mobile phone of a customer, as E.164 digits."""
    place = number * _SPREAD % _RANGE
    return f"380{_MOBILE[place // 10_000_000]}{place % 10_000_000:07d}"


def card_of(number: int) -> str:
    """Return the EAN-13 of a customer's card."""
    digits = f"29{number * _SPREAD % _RANGE:010d}"
    return digits + ean13_check_digit(digits)
