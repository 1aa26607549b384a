"""The demo creator, who is told to whoever starts the program."""

DEMO_EMAIL = "demo@lastlink.local"
DEMO_PASSWORD = "assinantes-demo"  # noqa: S105 - made to be told; development only
DEMO_HANDLE = "anademo"
DEMO_SUBSCRIBERS = 500
