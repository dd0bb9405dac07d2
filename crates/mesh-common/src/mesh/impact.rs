//! impact: to come.
