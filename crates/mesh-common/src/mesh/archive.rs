//! archive: to come.
