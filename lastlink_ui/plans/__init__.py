"""What a creator sells, and the page where it is sold."""
