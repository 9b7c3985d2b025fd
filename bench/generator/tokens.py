"""Lines that a relay takes for Fernet tokens, made before the clock starts."""

import base64
import random

CHARS = 140
"""A token for 8 to 15 bytes of text and a signature-free header; no padding."""

CYCLE = 6
"""Numbers that one sender's mark goes through: ten senders fill the alphabet."""

ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
FIRST_MARK = 6
SECOND_MARK = 7


def make_tokens(count: int, sender: int = 0) -> list[bytes]:
    """Returns tokens that differ in all but their head.

    Two characters are marks: `number % 6` and `number // 6 % 6`, each written in
    six letters that belong to this sender alone.
    """
    raw = random.Random(sender).randbytes(CHARS // 4 * 3 * count)
    text = base64.urlsafe_b64encode(raw)
    first, second = marks_of(sender, count)
    tokens = []
    for number in range(count):
        body = text[number * CHARS + 8 : (number + 1) * CHARS - 1]
        tokens.append(b"gAAAAA%c%c%bA" % (first[number], second[number], body))
    return tokens


def letters_of(sender: int) -> bytes:
    """The six letters that mark a sender's tokens."""
    return ALPHABET[sender * CYCLE : (sender + 1) * CYCLE]


def marks_of(sender: int, count: int) -> tuple[bytes, bytes]:
    """The marks of a sender's tokens, in order."""
    letters = letters_of(sender)
    first = letters * (count // CYCLE + 1)
    slow = b"".join(bytes([letter]) * CYCLE for letter in letters)
    second = slow * (count // len(slow) + 1)
    return first[:count], second[:count]
