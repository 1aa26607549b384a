"""Everything that is drawn with Reflex: the design system, and one folder per page."""
