//! How tags and revisions stand.
