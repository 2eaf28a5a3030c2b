"""Temperatures in three scales."""

__version__ = "0.3.0"


def fahrenheit(celsius):
    """Degrees Fahrenheit."""
    return celsius * 9 / 5 + 32


def kelvin(celsius):
    """Kelvin."""
    return celsius + 273.15
