use super::*;

fn count(allowed: u64, denied: u64, unknown: u64) -> Count {
    Count {
        allowed,
        denied,
        unknown,
    }
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn who_called_is_known_where_the_log_has_as_many_requests_as_were_counted() {
    let counted = |allowed, denied| Some(Counted { allowed, denied });
    for (name, counted, before, lines, shared, want) in [
        (
            "nothing",
            counted(0, 0),
            0,
            count(0, 0, 0),
            false,
            (true, count(0, 0, 0), vec![]),
        ),
        (
            "all are there",
            counted(4, 2),
            6,
            count(4, 2, 0),
            false,
            (false, count(0, 0, 0), vec![]),
        ),
        (
            "nothing was denied, so what the log does not tell passed",
            counted(6, 0),
            6,
            count(4, 0, 2),
            false,
            (true, count(0, 0, 0), vec![]),
        ),
        (
            "no access log",
            counted(4, 2),
            6,
            count(0, 0, 0),
            false,
            (false, count(4, 2, 0), vec![Why::NoLines]),
        ),
        (
            "a sampled log",
            counted(90, 10),
            100,
            count(9, 1, 0),
            false,
            (false, count(81, 9, 0), vec![Why::Some(10, 100)]),
        ),
        (
            "a filtered log that has the denials",
            counted(90, 10),
            100,
            count(0, 10, 0),
            false,
            (false, count(90, 0, 0), vec![Why::Some(10, 100)]),
        ),
        (
            "who was denied is not told",
            counted(4, 2),
            6,
            count(4, 0, 2),
            false,
            (false, count(0, 2, 0), vec![Why::Denials(2)]),
        ),
        (
            "more in the log than was counted: the end of a longer one",
            counted(4, 0),
            4,
            count(5, 0, 0),
            false,
            (true, count(0, 0, 0), vec![]),
        ),
        (
            "the log says what the proxy does not",
            counted(4, 0),
            4,
            count(3, 1, 0),
            false,
            (false, count(0, 0, 0), vec![Why::Disagree(1, 0)]),
        ),
        (
            "two policies, and the log has all",
            counted(1, 5),
            6,
            count(4, 2, 0),
            true,
            (false, count(0, 0, 0), vec![]),
        ),
        (
            "two policies, and the log has some: of the others nothing is known",
            counted(1, 5),
            6,
            count(1, 1, 0),
            true,
            (false, count(0, 0, 4), vec![Why::Some(2, 6)]),
        ),
        (
            "nobody knows what was counted",
            None,
            0,
            count(4, 2, 0),
            false,
            (false, count(0, 0, 0), vec![Why::NoCounter]),
        ),
    ] {
        let one = One::of(Both {
            counted,
            before,
            shared,
            lines,
            ..Both::default()
        });
        let (all_passed, rest, why) = want;
        assert_eq!(
            one,
            One {
                all_passed,
                rest,
                why
            },
            "{name}"
        );
    }
}

#[test]
fn what_was_refused_before_the_copy_was_asked_is_no_disagreement_and_lost_lines_are_said() {
    let both = Both {
        counted: Some(Counted {
            allowed: 4,
            denied: 0,
        }),
        before: 4,
        lines: count(4, 2, 0),
        refused: 2,
        ..Both::default()
    };
    assert_eq!(One::of(both).why, []);
    // Counters of two policies do not tell; the proxy does.
    let said = Both {
        shared: true,
        before: 9,
        said: 3,
        ..both
    };
    let one = One::of(said);
    assert_eq!(one.rest, count(0, 1, 2));
    assert_eq!(one.why, [Why::Some(6, 9), Why::Said(1)]);
    let lost = Both { lost: 3, ..both };
    assert_eq!(One::of(lost).why, [Why::Lost(3)]);
}

#[test]
fn callers_that_would_be_denied_come_first() {
    let mut named = Named::default();
    for (caller, of) in [
        ("a/a", count(9, 0, 0)),
        ("b/b", count(0, 0, 3)),
        ("c/c", count(0, 1, 0)),
        ("d/d", count(9, 0, 0)),
    ] {
        named.add(caller, of);
    }
    let names: Vec<String> = named.callers().into_iter().map(|c| c.name).collect();
    assert_eq!(names, ["c/c", "b/b", "a/a", "d/d"]);
    assert_eq!(named.sum(), count(18, 1, 3));
}
