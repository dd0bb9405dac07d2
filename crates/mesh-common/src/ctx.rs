//! What a command runs with.

/// What a command runs with: to come.
#[derive(Debug)]
pub struct Ctx;
