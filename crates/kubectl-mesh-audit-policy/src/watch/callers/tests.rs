use super::*;
use crate::watch::{counters::Reading, requests::Requests};

fn asked(answered: u64, forbidden: u64, other: u64) -> Asked {
    Asked {
        answered,
        forbidden,
        other,
    }
}

fn said(callers: &[(&str, Asked)]) -> Requests {
    Requests {
        callers: callers.iter().map(|(n, a)| ((*n).to_owned(), *a)).collect(),
        nameless: false,
    }
}

fn reading(pod: &str, new: bool, counted: Option<(u64, u64)>, requests: Requests) -> Reading {
    Reading {
        uid: pod.into(),
        workload: "payments/deployment/cards".into(),
        pod: pod.into(),
        new,
        said: Ok(counted.map(|(allowed, denied)| Counted { allowed, denied })),
        requests,
        counts_since: "2026-11-21T06:00:00Z".parse().ok(),
    }
}

/// What counters say of everybody together.
fn all(tally: &Tally) -> Vec<Caller> {
    let sum = tally.sum();
    vec![Caller {
        allowed: sum.allowed,
        denied: sum.denied,
        ..Caller::of(NOBODY)
    }]
}

/// Names with what is certain: allowed, denied.
fn rows(callers: &[Caller]) -> Vec<(&str, u64, u64)> {
    let row = |c: &'_ Caller| (c.allowed, c.denied);
    let mut rows: Vec<_> = callers
        .iter()
        .map(|c| (c.name.as_str(), row(c).0, row(c).1))
        .collect();
    // That of nobody last, whatever its weight.
    rows.sort_by_key(|row| (row.0 == NOBODY, row.0));
    rows
}

#[test]
fn what_is_certain_of_a_caller() {
    for (name, counted, since, want) in [
        (
            "nobody would be denied: all of them pass",
            (10, 0),
            vec![("a", asked(7, 0, 0)), ("b", asked(3, 0, 0))],
            vec![("a", 7, 0), ("b", 3, 0)],
        ),
        (
            "what is under way has no name yet",
            (12, 0),
            vec![("a", asked(7, 0, 0)), ("b", asked(3, 0, 0))],
            vec![("a", 7, 0), ("b", 3, 0), (NOBODY, 2, 0)],
        ),
        (
            "what was under way before was not evaluated here",
            (8, 0),
            vec![("a", asked(7, 0, 0)), ("b", asked(3, 0, 0))],
            vec![("a", 5, 0), ("b", 1, 0), (NOBODY, 2, 0)],
        ),
        (
            "one caller: all is its own",
            (3, 2),
            vec![("a", asked(5, 0, 0))],
            vec![("a", 3, 2)],
        ),
        (
            "the denials may be of either; of many requests most pass for certain",
            (98, 2),
            vec![("a", asked(90, 0, 0)), ("b", asked(10, 0, 0))],
            vec![("a", 88, 0), ("b", 8, 0), (NOBODY, 2, 2)],
        ),
        (
            "the denials may be of either, and may be all that the other asked",
            (1, 1),
            vec![("a", asked(1, 0, 0)), ("b", asked(1, 0, 0))],
            vec![("a", 0, 0), ("b", 0, 0), (NOBODY, 1, 1)],
        ),
        (
            "who is refused today may never have come so far",
            (5, 0),
            vec![("a", asked(5, 0, 0)), ("b", asked(0, 3, 4))],
            vec![("a", 5, 0), ("b", 0, 0)],
        ),
        (
            "nothing was evaluated",
            (0, 0),
            vec![("a", asked(5, 0, 0))],
            vec![("a", 0, 0)],
        ),
        ("no caller has a name", (4, 1), vec![], vec![(NOBODY, 4, 1)]),
    ] {
        let mut tally = Tally::default();
        tally.take(reading("p", true, Some(counted), said(&since)));
        let callers = name_the_rest(&tally, false, all(&tally));
        assert_eq!(rows(&callers), want, "{name}");
        // No denial is ever lost, and nothing is made of nothing.
        let sum = |of: fn(&Caller) -> u64| callers.iter().map(of).sum::<u64>();
        assert_eq!((sum(|c| c.allowed), sum(|c| c.denied)), counted, "{name}");
    }
}

#[test]
fn proxies_are_judged_one_by_one_and_what_was_certain_stays() {
    let mut tally = Tally::default();
    // One of them sees a denial, the other none: its callers pass for certain.
    tally.take(reading(
        "p",
        true,
        Some((4, 1)),
        said(&[("a", asked(1, 0, 0)), ("b", asked(4, 0, 0))]),
    ));
    tally.take(reading(
        "q",
        true,
        Some((2, 0)),
        said(&[("a", asked(2, 0, 0))]),
    ));
    let callers = name_the_rest(&tally, false, all(&tally));
    assert_eq!(rows(&callers), [("a", 2, 0), ("b", 3, 0), (NOBODY, 1, 1)]);
    // A later reading of the second has requests that were under way at its start.
    tally.take(reading(
        "q",
        true,
        Some((2, 0)),
        said(&[("a", asked(2, 0, 0)), ("c", asked(9, 0, 0))]),
    ));
    let callers = name_the_rest(&tally, false, all(&tally));
    assert_eq!(rows(&callers)[0], ("a", 2, 0));
    assert_eq!(rows(&callers)[2], ("c", 0, 0));
    // Counters of two policies are of neither.
    let shared = [Caller {
        unknown: 7,
        ..Caller::of(NOBODY)
    }];
    let callers = name_the_rest(&tally, true, shared.to_vec());
    let (nobody, named) = callers.split_first().unwrap();
    assert_eq!(nobody, &shared[0]);
    assert!(named.iter().all(|c| !c.is_judged()), "{callers:?}");
}

#[test]
fn who_is_known_to_call_is_known_only_where_every_proxy_says_so() {
    let none = Rare::default();
    let known = |readings: Vec<Reading>| {
        let mut tally = Tally::default();
        for one in readings {
            tally.take(one);
        }
        expected(&tally, false, &none, &[])
    };
    let before = || reading("p", false, Some((9, 0)), said(&[("a/a", asked(9, 0, 0))]));
    let after = || {
        reading(
            "p",
            false,
            Some((10, 0)),
            said(&[("a/a", asked(9, 0, 0)), ("b/b", asked(1, 0, 0))]),
        )
    };
    let found = known(vec![before(), after()]).unwrap();
    assert_eq!(
        found.from,
        "the proxies' metrics since 2026-11-21T06:00:00Z"
    );
    assert_eq!(
        found.callers,
        BTreeSet::from(["a/a".to_owned(), "b/b".to_owned()])
    );
    let unread = Reading {
        said: Err("HTTP 503".into()),
        ..reading("q", false, None, Requests::default())
    };
    let nameless = Requests {
        nameless: true,
        ..said(&[("a/a", asked(1, 0, 0))])
    };
    for (name, other) in [
        ("never answered", unread),
        (
            "some have no name",
            reading("q", false, Some((1, 0)), nameless),
        ),
        (
            "counts, and names nobody",
            reading("q", true, Some((1, 0)), Requests::default()),
        ),
    ] {
        assert_eq!(known(vec![before(), after(), other]), None, "{name}");
    }
    assert_eq!(known(vec![]), None);
    assert_eq!(
        known(vec![reading("p", false, Some((0, 0)), said(&[]))]),
        None,
        "nobody ever called"
    );
    // One that nobody called yet is no gap.
    let idle = reading("q", false, Some((0, 0)), said(&[]));
    assert!(known(vec![before(), after(), idle]).is_some());
    let undated = Reading {
        counts_since: None,
        ..before()
    };
    assert_eq!(
        known(vec![undated]).unwrap().from,
        "the proxies' metrics since they started"
    );
}

#[test]
fn logs_come_first_and_metrics_name_whom_they_do_not() {
    let mut tally = Tally::default();
    let requests = said(&[
        ("a/a", asked(4, 0, 0)),
        ("b/b", asked(6, 0, 0)),
        (NO_IDENTITY, asked(1, 0, 0)),
    ]);
    tally.take(reading("p", true, Some((11, 0)), requests));
    let caller = |name: &str, allowed| Caller {
        allowed,
        ..Caller::of(name)
    };
    // The log has three requests of one and is sampled.
    let callers = name_the_rest(&tally, false, vec![caller("a/a", 3), caller(NOBODY, 8)]);
    assert_eq!(
        rows(&callers),
        [("a/a", 4, 0), ("b/b", 6, 0), (NO_IDENTITY, 1, 0)]
    );
    // The log calls most of them something else: nobody can tell whose the rest are.
    let callers = name_the_rest(&tally, false, vec![caller("c", 9), caller(NOBODY, 2)]);
    let none = [("a/a", 0, 0), ("b/b", 0, 0), ("c", 9, 0)];
    assert_eq!(rows(&callers)[..3], none);
    assert_eq!(rows(&callers)[3..], [(NO_IDENTITY, 0, 0), (NOBODY, 2, 0)]);
    // The log has them all: nothing is added, and by whatever name they stand there they were seen.
    let all = vec![
        caller("orders/deployment/a", 10),
        caller("10.0.0.9 without identity", 1),
    ];
    let callers = name_the_rest(&tally, false, all.clone());
    assert_eq!(callers, all);
    let found = expected(&tally, false, &Rare::default(), &callers).unwrap();
    assert_eq!(found.seen, found.callers);
    // Of two policies metrics say who called, and not what becomes of them.
    let found = expected(&tally, true, &Rare::default(), &[]).unwrap();
    assert_eq!((found.callers.len(), found.seen.len()), (3, 0));
}
