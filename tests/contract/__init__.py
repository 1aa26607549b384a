"""Holds requests and objects against the provider's published description."""
