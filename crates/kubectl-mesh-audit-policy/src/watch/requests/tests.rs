use super::*;

/// As a proxy of Istio 1.28 writes it: the labels of its standard metrics in their order, and series of what goes out.
const PAGE: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tests/data/audit-policy/istio-requests.prom"
));

fn asked(answered: u64, forbidden: u64, other: u64) -> Asked {
    Asked {
        answered,
        forbidden,
        other,
    }
}

#[test]
fn callers_of_what_comes_in_and_of_nothing_else() {
    let read = Requests::read(PAGE, Some("cluster.local"));
    let want = [
        ("batch/settlement", asked(0, 7, 0)),
        (NO_IDENTITY, asked(3, 0, 0)),
        (
            "spiffe://elsewhere.example/ns/orders/sa/orders-sa",
            asked(1, 0, 0),
        ),
        ("orders/orders-sa", asked(1204, 0, 2)),
        ("users/accounts", asked(4, 0, 0)),
    ];
    let want = want.map(|(name, asked)| (name.to_owned(), asked));
    assert_eq!(read.callers, BTreeMap::from(want));
    assert!(!read.nameless);
    // Whose trust domain is not known is called by all of its identity.
    let unknown = Requests::read(PAGE, None);
    assert!(
        unknown
            .callers
            .contains_key("spiffe://cluster.local/ns/orders/sa/orders-sa")
    );
}

#[test]
fn a_line_that_cannot_be_read_exactly_makes_the_callers_not_all() {
    let good = "istio_requests_total{reporter=\"destination\",source_principal=\"spiffe://td/ns/a/sa/b\",response_code=\"200\"} 5";
    for (line, callers, nameless) in [
        (good, 1, false),
        ("# TYPE istio_requests_total counter", 0, false),
        ("", 0, false),
        // Not this family.
        ("my_istio_requests_total_sum{a=\"b\"} 1", 0, false),
        (
            "notistio_requests_total{reporter=\"destination\"} 1",
            0,
            false,
        ),
        // A namespace in front of it is.
        (
            "envoy_istiocustom_istio_requests_total{reporter=\"destination\",source_principal=\"\",response_code=\"200\"} 1",
            1,
            false,
        ),
        // No caller in it: the label was taken away by a Telemetry.
        (
            "istio_requests_total{reporter=\"destination\",response_code=\"200\"} 1",
            0,
            true,
        ),
        (
            "istio_requests_total{reporter=\"source\",response_code=\"200\"} 1",
            0,
            false,
        ),
        // Broken.
        (
            "istio_requests_total{reporter=\"destination\",source_principal=\"spiffe://td",
            0,
            true,
        ),
        (
            "istio_requests_total{reporter=\"destination\",source_principal=\"x\"} NaN",
            0,
            true,
        ),
        (
            "istio_requests_total{reporter=\"destination\",source_principal=\"x\"}",
            0,
            true,
        ),
        (
            "istio_requests_total{reporter=\"destination\",source_principal=\"x\"} -1",
            0,
            true,
        ),
        (
            "istio_requests_total{reporter=\"destination\",source_principal=\"x\",source_principal=\"y\"} 1",
            0,
            true,
        ),
        ("istio_requests_total{\\", 0, true),
    ] {
        let read = Requests::read(line, Some("td"));
        assert_eq!(
            (read.callers.len(), read.nameless),
            (callers, nameless),
            "{line}"
        );
    }
}

#[test]
fn what_callers_send_reaches_no_terminal_and_stays_one_caller() {
    let page = "istio_requests_total{source_workload=\"a\\\"} 9,source_principal=\\\"x\",reporter=\"destination\",\
        source_principal=\"spiffe://td/ns/a/sa/b\\n\u{1b}[31m\",response_code=\"403\"} 2";
    let read = Requests::read(page, Some("td"));
    let (name, asked) = read.callers.iter().next().unwrap();
    assert_eq!((asked.forbidden, asked.all()), (2, 2));
    assert!(!name.contains(['\n', '\u{1b}']), "{name:?}");
}

#[test]
fn callers_beyond_those_that_are_kept_are_said() {
    let line = |n: usize| {
        format!(
            "istio_requests_total{{reporter=\"destination\",source_principal=\"spiffe://td/ns/n/sa/s{n}\",response_code=\"200\"}} 1\n"
        )
    };
    let page: String = (0..=MOST).map(line).collect::<Vec<_>>().concat();
    let read = Requests::read(&page, Some("td"));
    assert_eq!(read.callers.len(), MOST);
    assert!(read.nameless);
}

#[test]
fn what_was_asked_before_is_who_is_known_and_what_comes_since_is_who_was_seen() {
    let said = |all: &[(&str, u64, u64)]| Requests {
        callers: all
            .iter()
            .map(|(name, answered, forbidden)| {
                ((*name).to_owned(), asked(*answered, *forbidden, 0))
            })
            .collect(),
        nameless: false,
    };
    let mut called = Called::default();
    for (name, now, new, since) in [
        ("where it begins", said(&[("a", 100, 1)]), false, said(&[])),
        ("nothing came", said(&[("a", 100, 1)]), false, said(&[])),
        (
            "another caller",
            said(&[("a", 103, 1), ("b", 2, 0)]),
            false,
            said(&[("a", 3, 0), ("b", 2, 0)]),
        ),
        (
            "it began anew",
            said(&[("a", 1, 0)]),
            false,
            said(&[("a", 1, 0)]),
        ),
    ] {
        assert_eq!(called.take(now, new), since.callers, "{name}");
    }
    assert_eq!(called.before, said(&[("a", 100, 1)]).callers);
    assert_eq!(called.since, said(&[("a", 4, 0), ("b", 2, 0)]).callers);
    let mut young = Called::default();
    assert_eq!(young.take(said(&[("a", 2, 0)]), true).len(), 1);
    assert!(young.before.is_empty());
}

proptest::proptest! {
    #[test]
    fn no_page_makes_it_panic(page in "(istio_requests_total|istio_tcp_connections_opened_total)?[{}a-z_=\", \\\\0-9\n]{0,200}") {
        Requests::read(&page, Some("td"));
    }
}
