//! fold: to come.
