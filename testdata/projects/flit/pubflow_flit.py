"""Roman numerals in one module, built by flit_core."""

__version__ = "0.3.0"

STEPS = [(10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]


def roman(number):
    """A number from 1 to 39 in Roman digits."""
    digits = ""
    for value, letters in STEPS:
        while number >= value:
            digits += letters
            number -= value
    return digits
