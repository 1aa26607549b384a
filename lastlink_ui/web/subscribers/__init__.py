"""The subscribers page."""
