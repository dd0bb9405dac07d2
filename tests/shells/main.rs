//! Completion as people meet it: a real bash, zsh and fish in tmux, a real kubectl, keys typed and the screen read.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail the test that calls them"
)]

mod answers;
mod helpers;
mod quiet;
mod screen;
mod table;
mod typed;
