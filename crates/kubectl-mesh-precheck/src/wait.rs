//! `--wait`: looks again while something may heal by itself.

use std::time::{Duration, Instant};

use mesh_common::{Kind, Result, cluster::RequestTimeout};

use crate::report::Precheck;

/// How long to wait before looking again.
const EVERY: Duration = Duration::from_secs(5);

/// Checks named while waiting.
const NAMED: usize = 3;

/// What the waiting goes by.
pub(crate) trait Clock {
    /// The time since it was started.
    fn elapsed(&self) -> Duration;
    /// Lets time pass.
    async fn pause(&self, duration: Duration);
}

/// The clock on the wall.
pub(crate) struct Wall(Instant);

impl Wall {
    /// Started now.
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }
}

impl Clock for Wall {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    async fn pause(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// How long to wait, as it is typed: `5m`.
pub(crate) fn patience(text: &str) -> Result<Duration, String> {
    text.parse::<RequestTimeout>()
        .ok()
        .and_then(RequestTimeout::limit)
        .ok_or_else(|| "not a time to wait: write 5m, 1m30s or a number of seconds".to_owned())
}

/// Looks until nothing is left that may heal, or the time is over; what it waits for is told where that changes.
///
/// # Errors
/// Those of the last look. An API server that does not answer is waited for, too.
pub(crate) async fn until_healed(
    wait: Duration,
    clock: &impl Clock,
    tell: impl Fn(&str),
    mut look: impl AsyncFnMut() -> Result<Precheck>,
) -> Result<Precheck> {
    let mut told = String::new();
    loop {
        let seen = look().await;
        let healing = match &seen {
            Ok(precheck) => precheck.healing(),
            Err(e) if e.kind() == Kind::Cluster => vec![format!("the API server: {e}")],
            Err(_) => Vec::new(),
        };
        let left = wait.saturating_sub(clock.elapsed());
        if healing.is_empty() || left.is_zero() {
            return seen;
        }
        let now = named(&healing);
        if now != told {
            tell(&format!("waiting for {now}"));
            told = now;
        }
        clock.pause(EVERY.min(left)).await;
    }
}

fn named(healing: &[String]) -> String {
    let text = healing[..healing.len().min(NAMED)].join("; ");
    match healing.len().saturating_sub(NAMED) {
        0 => text,
        more => format!("{text}; and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use mesh_common::Error;

    use super::*;
    use crate::{
        check::Status,
        report::tests::{made, row},
    };

    /// Time passes only where somebody waits.
    #[derive(Default)]
    struct Stepped(Cell<Duration>);

    impl Clock for Stepped {
        fn elapsed(&self) -> Duration {
            self.0.get()
        }

        async fn pause(&self, duration: Duration) {
            self.0.set(self.0.get() + duration);
        }
    }

    /// Looks at these one after the other, the last one again and again; how often, when it ended, what was told.
    fn watched(
        wait: u64,
        looks: &[Result<Status, Kind>],
    ) -> (usize, u64, Vec<String>, Result<Precheck>) {
        let clock = Stepped::default();
        let told = RefCell::new(Vec::new());
        let mut count = 0;
        let look = async || {
            let status = looks[count.min(looks.len() - 1)];
            count += 1;
            match status {
                Ok(status) => Ok(made(vec![
                    row("MESH2102", status, true),
                    row("MESH2103", Status::Error, false),
                ])),
                Err(kind) => Err(Error::new(kind, "connection refused")),
            }
        };
        let tell = |text: &str| told.borrow_mut().push(text.to_owned());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let result = runtime.block_on(until_healed(Duration::from_secs(wait), &clock, tell, look));
        let ended = clock.elapsed().as_secs();
        (count, ended, told.into_inner(), result)
    }

    #[test]
    fn it_ends_when_nothing_is_left_that_heals() {
        // What does not heal is not waited for.
        let (count, ended, told, result) = watched(300, &[Ok(Status::Ok)]);
        assert_eq!((count, ended, told.len()), (1, 0, 0));
        assert!(result.is_ok());
        let looks = [Ok(Status::Error), Ok(Status::Unknown), Ok(Status::Ok)];
        let (count, ended, told, result) = watched(300, &looks);
        assert_eq!((count, ended), (3, 10));
        assert_eq!(
            told,
            [
                "waiting for MESH2102 title: error",
                "waiting for MESH2102 title: unknown"
            ]
        );
        assert!(result.unwrap().healing().is_empty());
    }

    #[test]
    fn it_ends_when_the_time_is_over_and_says_a_thing_once() {
        let (count, ended, told, result) = watched(12, &[Ok(Status::Error)]);
        assert_eq!((count, ended, told.len()), (4, 12, 1));
        assert_eq!(result.unwrap().healing().len(), 1);
    }

    #[test]
    fn an_api_server_that_is_down_is_waited_for_and_a_mistake_is_not() {
        let (count, _, told, result) = watched(60, &[Err(Kind::Cluster), Ok(Status::Ok)]);
        assert_eq!((count, result.is_ok()), (2, true));
        assert_eq!(told, ["waiting for the API server: connection refused"]);
        let (count, ended, _, result) = watched(6, &[Err(Kind::Cluster)]);
        assert_eq!((count, ended), (3, 6));
        assert_eq!(result.unwrap_err().kind(), Kind::Cluster);
        let (count, _, _, result) = watched(60, &[Err(Kind::User)]);
        assert_eq!((count, result.unwrap_err().kind()), (1, Kind::User));
    }

    #[test]
    fn a_time_to_wait_is_typed_as_kubectl_takes_it() {
        assert_eq!(patience("5m"), Ok(Duration::from_secs(300)));
        assert_eq!(patience("90"), Ok(Duration::from_secs(90)));
        for text in ["", "0", "0s", "-5m", "soon", "5 m"] {
            assert!(patience(text).is_err(), "{text}");
        }
    }
}
