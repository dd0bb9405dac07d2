//! inject: to come.
