//! Who holds a way back.

use super::*;

#[test]
fn who_loses_by_it_holds_the_way_back() {
    let facts = || Facts {
        impact: None,
        silent: Vec::new(),
        used: Known::Known(Vec::new()),
        blocked: Vec::new(),
    };
    let breaks = |already: bool| {
        let item = mesh_common::mesh::forecast::Item {
            namespace: "shop".into(),
            kind: "deployment".into(),
            name: "web".into(),
        };
        Impact {
            breaks: vec![mesh_common::mesh::impact::Break {
                item,
                pods: 1,
                before: "1-28-1".into(),
                after: "no proxy".into(),
                reason: String::new(),
                running: Vec::new(),
                already,
                remedy: String::new(),
                command: None,
            }],
            ..Impact::default()
        }
    };
    let blocked = Blocked {
        resource: "validatingwebhookconfiguration",
        config: "x".into(),
        index: 0,
        webhook: "x".into(),
        service: "a/b".into(),
        writes: 1,
    };
    let table = [
        ("nothing", facts(), None),
        (
            "broken before",
            Facts {
                impact: Some(Ok(breaks(true))),
                ..facts()
            },
            None,
        ),
        (
            "who loses the injector",
            Facts {
                impact: Some(Ok(breaks(false))),
                ..facts()
            },
            Some((id::OVERLAP, Verdict::Closed)),
        ),
        (
            "not known",
            Facts {
                impact: Some(Err("may not list pods".into())),
                ..facts()
            },
            Some((id::OVERLAP, Verdict::Unknown)),
        ),
        (
            "an injector without anybody behind it",
            Facts {
                silent: vec!["x".into()],
                ..facts()
            },
            Some((id::READY, Verdict::Closed)),
        ),
        (
            "an istiod with proxies",
            Facts {
                used: Known::Known(vec!["deployment/istiod".into()]),
                ..facts()
            },
            Some((id::UNUSED, Verdict::Closed)),
        ),
        (
            "who uses it is not known",
            Facts {
                used: Known::not_read("pods"),
                ..facts()
            },
            Some((id::UNUSED, Verdict::Unknown)),
        ),
        (
            "a webhook in the way",
            Facts {
                blocked: vec![blocked],
                ..facts()
            },
            Some((id::WEBHOOKS, Verdict::Closed)),
        ),
    ];
    for (name, facts, want) in table {
        let gates = gates(&facts);
        let shut: Vec<_> = gates.blocking().map(|g| (g.id, g.verdict)).collect();
        assert_eq!(shut, Vec::from_iter(want), "{name}");
        assert!(gates.blocking().all(Gate::passes_by_reason), "{name}");
    }
}
