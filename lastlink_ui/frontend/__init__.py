"""The compiled frontend: built when its sources changed, published whole, read by the routes."""
