"""How the program logs: a line an event, and tracebacks that show no values."""

import structlog


def configure_logs() -> None:
    """Set up logging for this process. Tracebacks name places only: variables can hold personal data."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
        cache_logger_on_first_use=True,
    )
