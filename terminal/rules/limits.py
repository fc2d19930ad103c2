"""What any programme must keep to, whatever it says."""


class ProgrammeError(ValueError):
    """A programme that can't be used; the message names the place and says what to write."""


def expect(holds: bool, place: str, rule: str) -> None:
    """Refuse the programme unless the rule holds at that place."""
    if not holds:
        raise ProgrammeError(f"{place}: make sure that it {rule}")


def expect_once(place: str, codes: list[str]) -> None:
    """Refuse the programme when a code is given twice."""
    expect(len(codes) == len(set(codes)), place, "have a code of their own each")
