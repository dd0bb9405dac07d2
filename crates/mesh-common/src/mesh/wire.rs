//! wire: to come.
