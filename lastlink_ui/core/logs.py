"""How the program logs: one JSON object a line, whoever logs, and nothing in it that a log may not show."""

import io
import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog

from lastlink_ui.core.redaction import redacted, redacted_fields
from lastlink_ui.core.requests import request_id

# Libraries speak up when something is wrong; httpx and others would tell of every request otherwise.
_LEVELS = {"": logging.WARNING, "lastlink_ui": logging.INFO}
# These bring a handler when they start to work, unless they have one.
_WITH_OWN_OUTLET = ("dbos",)


def configure_logs() -> None:
    """Send all that this process says through one outlet; for a process that serves, once.

    Our own lines, those of libraries that use `logging`, and whatever prints. A line is JSON, unless
    somebody is looking at it in a terminal.
    """
    stderr = sys.stderr
    sys.stdout, sys.stderr = RedactedOutput(sys.stdout), RedactedOutput(sys.stderr)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request_id,
        # Places alone, no values of variables: those can hold personal data.
        structlog.processors.format_exc_info,
        _redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer = (
        structlog.dev.ConsoleRenderer(colors=False)
        if stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    # Behind the stream that redacts text: within JSON the same would be done to what is no text.
    outlet = logging.StreamHandler(stderr)
    outlet.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.captureWarnings(capture=True)
    logging.getLogger().handlers[:] = [outlet]
    for name, level in _LEVELS.items():
        logging.getLogger(name).setLevel(level)
    _take_over_loggers(outlet)


class RedactedOutput(io.TextIOBase):
    """A stream that takes out of each line what no log may show, before it goes on to `target`."""

    def __init__(self, target: TextIO) -> None:
        self._target = target
        self._begun = ""

    def write(self, text: str, /) -> int:
        """Send on the lines that are complete; the rest waits for its end."""
        *lines, self._begun = (self._begun + text).split("\n")
        for line in lines:
            self._target.write(f"{redacted(line)}\n")
        if lines:
            self._target.flush()
        return len(text)

    def writable(self) -> bool:
        """Nothing but."""
        return True

    def isatty(self) -> bool:
        """As what lies behind it."""
        return self._target.isatty()

    def fileno(self) -> int:
        """As what lies behind it."""
        return self._target.fileno()

    @property
    def encoding(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]
        """As what lies behind it."""
        return self._target.encoding


def _add_request_id(_logger: object, _method: str, fields: MutableMapping[str, Any]) -> Mapping[str, Any]:
    if request := request_id():
        fields["request_id"] = request
    return fields


def _redact(_logger: object, _method: str, fields: MutableMapping[str, Any]) -> Mapping[str, Any]:
    # What structlog itself keeps there for later stays as it is.
    kept = {name: value for name, value in fields.items() if name.startswith("_")}
    return redacted_fields(fields) | kept


def _take_over_loggers(outlet: logging.Handler) -> None:
    """Libraries that brought handlers of their own write through ours, and so do those that would."""
    known = [each for each in logging.root.manager.loggerDict.values() if isinstance(each, logging.Logger)]
    for logger in (*(each for each in known if each.handlers), *map(logging.getLogger, _WITH_OWN_OUTLET)):
        logger.handlers[:] = [outlet]
        logger.propagate = False
