"""Masks every record of every log of a process, whoever writes it and wherever it goes."""

import logging

from bot.privacy.masking import masked_text

_LINES = logging.Formatter()


class MaskedRecord(logging.LogRecord):
    """A record whose message and traceback hide personal data."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # as the factory is called
        if self.exc_info and self.exc_info[0] is not None:
            # Formatters take this text where there is one, instead of making their own.
            self.exc_text = masked_text(_LINES.formatException(self.exc_info))

    def getMessage(self) -> str:  # noqa: N802  the name that logging calls
        """The message as every handler writes it."""
        return masked_text(super().getMessage())


def install() -> None:
    """From now on; once is enough."""
    logging.setLogRecordFactory(MaskedRecord)
