//! What a log can be trusted with: whether it has every request, and whether its paths are those that policies saw.

use mesh_common::{
    mesh::{Customs, Why},
    output::clean,
};
use serde_json::Value;

use super::header::{Header, Whole};
use crate::scene::{Scene, TELEMETRIES};

/// Whether access logs leave requests out (`Telemetry` `accessLogging`).
pub(super) fn whole(scene: &Scene, said: bool) -> Whole {
    if said {
        return Whole {
            is: Some(true),
            why: "said by --whole-log".into(),
        };
    }
    let objects = match scene.objects(TELEMETRIES) {
        Ok(objects) => objects,
        Err(gap) => {
            return Whole {
                is: None,
                why: clean(&gap.detail, 300),
            };
        }
    };
    let filters = |object: &&Value| {
        let logging = object["spec"]["accessLogging"].as_array();
        logging.into_iter().flatten().any(|one| {
            let server = one["match"]["mode"].as_str();
            let inbound = server.is_none_or(|mode| mode != "CLIENT");
            inbound && (!one["filter"].is_null() || one["disabled"].as_bool() == Some(true))
        })
    };
    match objects.iter().find(filters) {
        Some(object) => {
            let text = |key: &str| object["metadata"][key].as_str().unwrap_or("?");
            let name = clean(&format!("{}/{}", text("namespace"), text("name")), 300);
            Whole {
                is: Some(false),
                why: format!("Telemetry {name} leaves requests out of access logs"),
            }
        }
        None => Whole {
            is: Some(true),
            why: "no Telemetry leaves requests out of access logs".into(),
        },
    }
}

/// Istio logs the path before it was rewritten, also where a caller's proxy rewrote it, and policies see the one after.
pub(super) fn paths(
    customs: &Customs,
    rewrites: &[String],
    typed: Option<bool>,
    header: &mut Header,
) -> bool {
    let gap = customs
        .gaps
        .iter()
        .find(|gap| gap.what.starts_with("virtualservices") && gap.why != Why::NotServed);
    let (trust, why) = match (typed, rewrites.first(), gap) {
        (Some(true), ..) => (true, "said by --logged-paths trust".to_owned()),
        (Some(false), ..) => (false, "said by --logged-paths unknown".to_owned()),
        (None, Some(name), _) => {
            let more = rewrites.len() - 1;
            let others = if more == 0 {
                String::new()
            } else {
                format!(" and {more} more")
            };
            (
                false,
                format!(
                    "{name}{others} rewrites paths; --logged-paths trust if not for these workloads"
                ),
            )
        }
        (None, None, Some(gap)) => (false, clean(&gap.detail, 300)),
        (None, None, None) => (true, "no route is known to rewrite them".to_owned()),
    };
    let line = if trust {
        format!(
            "paths are those that policies saw ({why}), and no caller sent x-envoy-original-path"
        )
    } else {
        format!("logged paths may not be those that policies saw: {why}")
    };
    if trust {
        header.assumptions.push(line);
    } else {
        header.unclear.push(line);
    }
    trust
}
