"""Counted series: what was published, by whom, how sure, and how to read a newer edition.

This room knows no country: publishers' formats and the list of series live in a corridor's
`sources/`, the built tables in its `series/`. See docs/data.md.
"""
