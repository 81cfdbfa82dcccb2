"""From a text in English or Spanish to draft claims that a person mends and confirms.

    source    the text, tokens, sentences          phrases   words of a list among tokens
    lexicon   the words, by corridor and language  numbers   what digits and words are worth
    found     which of them say something          days      days as written, the text's own
    periods   when                                 topics    what is counted, of whom, where
    known     published figures of the same        speech    who says it; causes
    reader    all of it together                   words     in plain words of both languages
    drafts    as a ledger                          told      as JSON

Rules and word lists only, nothing learned and nothing fetched. How well it reads: docs/reading.md.
"""

from caudal.ask.reading.lexicon import read_lexicon
from caudal.ask.reading.reader import Cause, Found, Reading, read

__all__ = ["Cause", "Found", "Reading", "read", "read_lexicon"]
