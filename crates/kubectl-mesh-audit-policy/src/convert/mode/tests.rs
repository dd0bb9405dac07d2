use super::*;

fn v(text: &str) -> Version {
    text.parse().unwrap()
}

fn place(enforcer: Enforcer, istiod: &str, passes: bool, ztunnel: &[&str]) -> Place {
    Place {
        name: "shop/deployment/web".into(),
        enforcer,
        istiod: Ok((v(istiod), passes)),
        ztunnel: Ok(ztunnel.iter().map(|t| v(t)).collect()),
    }
}

#[test]
fn envoy_shows_a_dry_run_in_every_version() {
    for enforcer in [Enforcer::Sidecar, Enforcer::Gateway, Enforcer::Waypoint] {
        for istiod in ["1.20.0", "1.24.6", "1.25.2", "1.28.1", "1.30.0"] {
            for passes in [false, true] {
                assert_eq!(dry_run(&place(enforcer, istiod, passes, &[])), Shows::Yes);
                assert_eq!(audit(&place(enforcer, istiod, passes, &[])), Shows::Yes);
            }
        }
    }
}

#[test]
fn ztunnel_does_what_istiod_and_its_own_version_make_of_it() {
    #[derive(Debug, PartialEq)]
    enum Is {
        Seen,
        Nothing,
        Enforced,
        Unknown,
    }
    // istiod, its flag, ztunnels.
    let cases: [(&str, bool, &[&str], Is); 16] = [
        ("1.22.0", false, &["1.22.0"], Is::Enforced),
        ("1.24.6", false, &["1.24.6"], Is::Enforced),
        ("1.25.1", false, &["1.25.1"], Is::Enforced),
        // A newer ztunnel knows the mark, and istiod does not set it.
        ("1.25.1", false, &["1.29.0"], Is::Enforced),
        // The flag did not exist yet.
        ("1.25.1", true, &["1.25.1"], Is::Enforced),
        ("1.25.2", false, &["1.25.2"], Is::Nothing),
        ("1.26.0", false, &["1.24.6"], Is::Nothing),
        ("1.28.1", true, &["1.28.1"], Is::Nothing),
        ("1.29.0", false, &["1.29.0"], Is::Nothing),
        ("1.29.0", false, &["1.28.1"], Is::Nothing),
        ("1.29.0", true, &["1.29.0"], Is::Seen),
        ("1.30.2", true, &["1.29.1", "1.30.2"], Is::Seen),
        ("1.29.0", true, &["1.28.1"], Is::Enforced),
        // Half of the nodes are enough.
        ("1.29.0", true, &["1.28.1", "1.29.0"], Is::Enforced),
        ("1.30.0", true, &["1.27.9"], Is::Enforced),
        ("1.29.0", true, &[], Is::Unknown),
    ];
    for (istiod, passes, ztunnel, want) in cases {
        let shows = dry_run(&place(Enforcer::Ztunnel, istiod, passes, ztunnel));
        let is = match shows {
            Shows::Yes => Is::Seen,
            Shows::Nothing(_) => Is::Nothing,
            Shows::Enforces(_) => Is::Enforced,
            Shows::Unknown(_) => Is::Unknown,
        };
        assert_eq!(is, want, "{istiod} {passes} {ztunnel:?}");
    }
    let ambient = place(Enforcer::Ztunnel, "1.30.0", true, &["1.30.0"]);
    assert!(matches!(audit(&ambient), Shows::Nothing(_)));
    let unknown = Place {
        istiod: Err("istiods differ".into()),
        ..ambient.clone()
    };
    assert!(matches!(dry_run(&unknown), Shows::Unknown(_)));
    let unknown = Place {
        ztunnel: Err("no tag".into()),
        ..ambient
    };
    assert!(matches!(dry_run(&unknown), Shows::Unknown(_)));
}

/// Where, what was asked for, what comes of it.
type Case = (Vec<Place>, Option<Mode>, Result<Mode, Outcome>);

#[test]
fn one_ztunnel_workload_refuses_the_whole_copy() {
    let sidecar = place(Enforcer::Sidecar, "1.28.1", false, &[]);
    let bare = place(Enforcer::Nothing, "1.28.1", false, &[]);
    let hidden = place(Enforcer::Ztunnel, "1.28.1", false, &["1.28.1"]);
    let enforced = place(Enforcer::Ztunnel, "1.24.6", false, &["1.24.6"]);
    let unknown = Place {
        istiod: Err("?".into()),
        ..hidden.clone()
    };
    let all = |list: &[&Place]| list.iter().map(|p| (*p).clone()).collect::<Vec<_>>();
    let cases: [Case; 13] = [
        (all(&[]), None, Ok(Mode::DryRun)),
        (all(&[&sidecar]), None, Ok(Mode::DryRun)),
        (all(&[&sidecar, &bare]), None, Ok(Mode::DryRun)),
        (all(&[&sidecar]), Some(Mode::Audit), Ok(Mode::Audit)),
        (all(&[&sidecar]), Some(Mode::Replay), Ok(Mode::Replay)),
        (all(&[&sidecar, &hidden]), None, Ok(Mode::Replay)),
        (
            all(&[&sidecar, &hidden]),
            Some(Mode::DryRun),
            Err(Outcome::Refused),
        ),
        (
            all(&[&sidecar, &hidden]),
            Some(Mode::Audit),
            Err(Outcome::Refused),
        ),
        (
            all(&[&sidecar, &enforced]),
            Some(Mode::DryRun),
            Err(Outcome::Refused),
        ),
        (all(&[&enforced]), None, Ok(Mode::Replay)),
        (all(&[&unknown]), Some(Mode::DryRun), Err(Outcome::Unknown)),
        (
            all(&[&unknown, &hidden]),
            Some(Mode::DryRun),
            Err(Outcome::Refused),
        ),
        (all(&[&unknown]), None, Ok(Mode::Replay)),
    ];
    for (n, (places, asked, want)) in cases.into_iter().enumerate() {
        for action in [Action::Deny, Action::Allow] {
            let got = choose(asked, action, Ok(&places));
            let got = got.map(|c| c.mode).map_err(|r| r.outcome);
            assert_eq!(got, want, "case {n}");
        }
    }
}

#[test]
fn where_it_applies_must_be_known_and_custom_is_never_copied() {
    let known = choose(Some(Mode::DryRun), Action::Deny, Err("no right"));
    assert_eq!(known.unwrap_err().outcome, Outcome::Unknown);
    assert_eq!(
        choose(None, Action::Deny, Err("no right")).unwrap().mode,
        Mode::Replay
    );
    for action in [Action::Custom, Action::Audit] {
        for asked in [
            None,
            Some(Mode::DryRun),
            Some(Mode::Audit),
            Some(Mode::Replay),
        ] {
            let refusal = choose(asked, action, Ok(&[])).unwrap_err();
            assert_eq!(refusal.outcome, Outcome::Refused, "{action} {asked:?}");
        }
    }
}
