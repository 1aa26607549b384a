"""The public page at `/<handle>`, where a fan subscribes."""
