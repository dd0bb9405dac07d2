use super::{expect, facts};
use crate::{
    check::Status,
    facts::{Facts, Target, Upgrade},
};

const CODE: &str = "MESH2303";

fn on(day: &str, to: Option<&str>) -> Facts {
    let mut facts = facts();
    facts.mesh.now = format!("{day}T12:00:00Z").parse().unwrap();
    facts.upgrade = Upgrade::of(&facts.mesh, to.and_then(Target::parse), &facts.support);
    facts
}

#[test]
fn support_is_judged_on_the_day_of_the_mesh() {
    for (day, to, status, says) in [
        (
            "2025-10-01",
            Some("1.27.1"),
            Status::Ok,
            "1.26 supported until 2025-12-22; target 1.27 supported",
        ),
        (
            "2025-11-20",
            Some("1.28.1"),
            Status::Info,
            "support of Istio 1.26 ends 2025-12-22, in 32 days",
        ),
        (
            "2026-01-10",
            Some("1.28.1"),
            Status::Warning,
            "support of Istio 1.26 ended on 2025-12-22",
        ),
        // 1.28 is one hop away and supported.
        (
            "2026-04-20",
            Some("1.27.1"),
            Status::Error,
            "support of Istio 1.27 ended on 2026-04-07",
        ),
        // Nothing that is supported is one hop away: this one is on the way.
        (
            "2026-11-20",
            Some("1.28.1"),
            Status::Warning,
            "it is a stop on the way",
        ),
        (
            "2026-11-20",
            None,
            Status::Warning,
            "it is a stop on the way",
        ),
        (
            "2025-10-01",
            Some("1.28.1"),
            Status::Error,
            "Istio 1.28 is out only from",
        ),
    ] {
        expect(CODE, &on(day, to), status, &[says]);
    }
    let says = [
        "Istio 1.27.1 |",
        "by the table shipped",
        "kubectl mesh-precheck --to 1.28",
    ];
    expect(
        CODE,
        &on("2026-04-20", Some("1.27.1")),
        Status::Error,
        &says,
    );
}

#[test]
fn a_release_that_the_table_does_not_have_is_not_known() {
    let says = ["does not have 1.99", "--support-table"];
    expect(
        CODE,
        &on("2025-10-01", Some("1.99")),
        Status::Unknown,
        &says,
    );
}
