"""Tide tables of an imaginary harbour."""

__version__ = "0.3.0"
