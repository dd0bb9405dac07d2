//! When to ask again, and which answers have no end.

use super::*;

#[test]
fn only_what_was_not_looked_at_is_repeated() {
    let ms = |n| Some(Duration::from_millis(n));
    let rows = [
        (429, Method::GET, None, 0, ms(200)),
        (429, Method::GET, None, 2, ms(800)),
        (429, Method::PATCH, Some("1"), 0, ms(1000)),
        (429, Method::GET, Some("soon"), 1, ms(400)),
        (503, Method::GET, None, 0, ms(200)),
        (503, Method::PATCH, None, 0, None),
        (503, Method::PATCH, Some("2"), 0, ms(2000)),
        (500, Method::GET, Some("1"), 0, None),
        (504, Method::GET, None, 0, None),
        (200, Method::GET, None, 0, None),
        (409, Method::PUT, None, 0, None),
    ];
    for (status, method, after, attempt, expected) in rows {
        let mut headers = HeaderMap::new();
        if let Some(after) = after {
            headers.insert(header::RETRY_AFTER, after.parse().unwrap());
        }
        let got = pause(
            StatusCode::from_u16(status).unwrap(),
            &method,
            &headers,
            attempt,
        );
        assert_eq!(got, expected, "{status} {method} {after:?}");
    }
}

#[test]
fn a_pause_must_leave_room_for_another_attempt() {
    let conduct = |patience| Conduct {
        patience,
        plugin: None,
    };
    let s = Duration::from_secs;
    let now = Instant::now();
    assert!(conduct(Patience::Total(s(5))).may_wait(now, s(0), s(4)));
    assert!(!conduct(Patience::Total(s(5))).may_wait(now, s(0), s(6)));
    assert!(conduct(Patience::Silence(s(60))).may_wait(now, s(4), s(5)));
    assert!(!conduct(Patience::Silence(s(60))).may_wait(now, s(6), s(5)));
    assert!(!conduct(Patience::Endless).may_wait(now, s(0), s(30)));
}

#[test]
fn watches_and_followed_logs_have_no_end() {
    for (query, open) in [
        ("watch=true&x=1", true),
        ("follow=true", true),
        ("", false),
        ("labelSelector=watch%3Dtrue", false),
    ] {
        assert_eq!(is_open_ended(query), open, "{query}");
    }
}
