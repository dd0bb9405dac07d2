//! The rate of a real Envoy beside that of replay, for the same policy: to know how far ahead of the traffic replay is.

use mesh_testkit::{
    Envoy, Filter,
    envoy::{Load, ORDERS, lockdown},
};

use crate::Result;

/// Enough to take some seconds.
const LOAD: Load = Load {
    connections: 16,
    requests: 160_000,
};

/// A caller that the policy refuses.
const REFUSED: &str = "spiffe://cluster.local/ns/batch/sa/settlement";

/// Requests a second that one worker of Envoy answers: without a policy, let in by it, refused by it. None without
/// Envoy.
pub(super) fn rates() -> Result<Option<[(&'static str, f64); 3]>> {
    let Some(mut envoy) = Envoy::start()? else {
        return Ok(None);
    };
    let rate = |envoy: &Envoy, identity, refused| -> Result<f64> {
        let (took, got) = envoy.many(identity, "/", LOAD)?;
        if got != refused {
            return Err(format!("{got} of {} were refused, not {refused}", LOAD.requests).into());
        }
        #[allow(clippy::cast_precision_loss, reason = "a rate is no count")]
        Ok(LOAD.requests as f64 / took.as_secs_f64())
    };
    let none = rate(&envoy, ORDERS, 0)?;
    envoy.apply(&Filter {
        rules: Some(lockdown("payments-lockdown")),
        shadow: None,
    })?;
    Ok(Some([
        ("without a policy", none),
        ("let in by payments-lockdown", rate(&envoy, ORDERS, 0)?),
        (
            "refused by payments-lockdown",
            rate(&envoy, REFUSED, LOAD.requests)?,
        ),
    ]))
}
