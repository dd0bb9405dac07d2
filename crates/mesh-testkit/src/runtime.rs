//! One background thread with an async runtime, so that tests stay plain functions while listeners answer.

use std::{future::Future, sync::OnceLock};

use tokio::runtime::{Builder, Handle};

fn handle() -> &'static Handle {
    static HANDLE: OnceLock<Handle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime needs only a file descriptor or two");
        let handle = runtime.handle().clone();
        std::thread::Builder::new()
            .name("testkit".into())
            .spawn(move || runtime.block_on(std::future::pending::<()>()))
            .expect("one thread can be started");
        handle
    })
}

/// Runs this on the background thread and waits for it. Never call it from there.
pub(crate) fn run<F>(future: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let (tx, rx) = std::sync::mpsc::sync_channel(1);
    let task = handle().spawn(async move {
        drop(tx.send(future.await));
    });
    rx.recv().unwrap_or_else(|_| match run_join(task) {
        Some(panic) => std::panic::resume_unwind(panic),
        None => panic!("the background task was cancelled"),
    })
}

fn run_join(task: tokio::task::JoinHandle<()>) -> Option<Box<dyn std::any::Any + Send>> {
    let (tx, rx) = std::sync::mpsc::sync_channel(1);
    handle().spawn(async move { drop(tx.send(task.await)) });
    rx.recv().ok()?.err()?.try_into_panic().ok()
}

/// Starts this on the background thread.
pub(crate) fn spawn(future: impl Future<Output = ()> + Send + 'static) -> tokio::task::AbortHandle {
    handle().spawn(future).abort_handle()
}

/// Makes the calls that need a runtime around them (registering a socket) work on this thread.
pub(crate) fn enter() -> tokio::runtime::EnterGuard<'static> {
    handle().enter()
}
