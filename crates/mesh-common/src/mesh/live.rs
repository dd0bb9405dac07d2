//! live: to come.
