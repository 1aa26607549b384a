"""``python -m lastlink_ui.sandbox --port 12111 --data-dir data``."""

import argparse
from pathlib import Path

from .app import DEFAULT_PORT
from .serve import serve


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(
        prog="python -m lastlink_ui.sandbox", description="A stand-in for Stripe."
    )
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--data-dir", type=Path, default=Path("data"))
    arguments = parser.parse_args()
    serve(arguments.port, arguments.data_dir)


if __name__ == "__main__":
    main()
