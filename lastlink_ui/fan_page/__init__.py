"""The fan's own page: entering it by a link sent by mail, what it shows, and what a fan may do there."""
