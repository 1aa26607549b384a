"""Mails: what one is, whoever sends it, and the words in it."""

from lastlink_ui.mail.port import Mailer, MailNotSent, MailRefused, Message

__all__ = ["MailNotSent", "MailRefused", "Mailer", "Message"]
