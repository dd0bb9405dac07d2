//! The API server's clock beside ours.

use jiff::{SignedDuration, Timestamp};
use kube::Client;
use mesh_common::{
    cluster::{Connection, get_date},
    mesh::{Gap, Known, Why},
};

use super::platform::gap;

/// The API server's clock beside ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clock {
    /// How far the server is ahead of this machine; negative where it is behind.
    pub(crate) ahead: SignedDuration,
    /// How long the answer took: the difference is no more certain than that.
    pub(crate) took: SignedDuration,
}

/// Asks for the version, which anybody may, and looks at the date of the answer.
pub(super) async fn read(conn: &Connection, client: &Client) -> Known<Clock> {
    let answer = get_date(client, "/version").await;
    let now = Timestamp::now();
    let missing = |detail: String| {
        Known::Unknown(Gap {
            what: "clock".into(),
            why: Why::Failed,
            detail,
        })
    };
    match answer {
        Ok(Some((date, took))) => match SignedDuration::try_from(took) {
            Ok(took) => Known::Known(Clock::of(date, now, took)),
            Err(_) => missing("the API server took too long to say what time it has".into()),
        },
        Ok(None) => missing("the API server does not say what time it has".into()),
        Err(e) => Known::Unknown(gap(&e, conn, "clock", "ask the API server for the time")),
    }
}

impl Clock {
    /// The server wrote its date somewhere between question and answer, and cut it to a whole second.
    fn of(date: Timestamp, now: Timestamp, took: SignedDuration) -> Self {
        let half = SignedDuration::from_millis(500);
        let ahead = date.duration_since(now) + half + took / 2;
        Self { ahead, took }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_the_way_and_half_a_second_are_taken_into_account() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let took = SignedDuration::from_secs(2);
        let ahead = |date, now| Clock::of(at(date), at(now), took).ahead.as_millis();
        assert_eq!(ahead("2026-11-21T12:00:00Z", "2026-11-21T12:00:01.5Z"), 0);
        assert_eq!(
            ahead("2026-11-21T12:10:00Z", "2026-11-21T12:00:01.5Z"),
            600_000
        );
        assert_eq!(
            ahead("2026-11-21T11:50:00Z", "2026-11-21T12:00:01.5Z"),
            -600_000
        );
    }
}
