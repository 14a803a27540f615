//! Integration tests live in `tests/`; there is nothing here to use.
