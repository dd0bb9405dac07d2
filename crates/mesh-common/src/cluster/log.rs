//! `-v`: what goes to stderr while a command works.

use std::io;

use tracing::Level;
use tracing_subscriber::{filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Lines of our own crates only: the kube client logs whole bodies at some levels, and a body may be a Secret.
pub(super) fn init(verbosity: u8) {
    let level = match verbosity {
        0 => return,
        1 => Level::DEBUG,
        _ => Level::TRACE,
    };
    let ours = Targets::new()
        .with_target("mesh_common", level)
        .with_target("kubectl_mesh", level);
    let lines = fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(false)
        .with_target(false)
        .without_time();
    // A second call has nothing to add.
    let _ = tracing_subscriber::registry()
        .with(ours)
        .with(lines)
        .try_init();
}
