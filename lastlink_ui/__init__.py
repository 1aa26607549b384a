"""Lastlink: where creators see and settle everything about each of their subscribers."""
