//! Ctrl-C. While a command only reads it ends at once; while it writes it is told, and ends itself at
//! the next safe point, so that it can say what was and was not done.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::Notify;

/// Whether Ctrl-C was pressed, and whether it may end the command; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<State>);

#[derive(Debug, Default)]
struct State {
    requested: AtomicBool,
    holds: AtomicUsize,
    held: AtomicBool,
    changed: Notify,
}

impl Interrupt {
    /// True once Ctrl-C was pressed. A command that writes looks here between two writes.
    pub fn requested(&self) -> bool {
        self.0.requested.load(Ordering::SeqCst)
    }

    /// Waits for Ctrl-C; at once when it was pressed already.
    pub async fn wait(&self) {
        loop {
            let changed = self.0.changed.notified();
            if self.requested() {
                return;
            }
            changed.await;
        }
    }

    /// From here until the guard is dropped, Ctrl-C does not end the command by itself. To be held
    /// from before the first write (the Lease) until the outcome is recorded.
    #[must_use]
    pub fn hold(&self) -> Hold {
        self.0.holds.fetch_add(1, Ordering::SeqCst);
        self.0.held.store(true, Ordering::SeqCst);
        Hold(self.clone())
    }

    /// Records that Ctrl-C was pressed.
    pub fn request(&self) {
        self.0.requested.store(true, Ordering::SeqCst);
        self.0.changed.notify_waiters();
    }

    /// Ctrl-C was heard, and what it asks for is done next: from here on only another one is a request. For the way back
    /// of a command that was stopped, which must not be stopped by the same key.
    pub fn heard(&self) {
        self.0.requested.store(false, Ordering::SeqCst);
    }

    pub(super) fn is_held(&self) -> bool {
        self.0.holds.load(Ordering::SeqCst) > 0
    }

    /// True when the command ever wrote, so that nobody claims that nothing was changed.
    pub(super) fn was_held(&self) -> bool {
        self.0.held.load(Ordering::SeqCst)
    }
}

/// Keeps Ctrl-C from ending the command; see [`Interrupt::hold`].
#[derive(Debug)]
pub struct Hold(Interrupt);

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.0.holds.fetch_sub(1, Ordering::SeqCst);
    }
}
