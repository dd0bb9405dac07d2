//! Services outside the Istio namespace: a mesh is not made of them, and only some releases changed what one means.

use std::sync::Arc;

use mesh_common::{
    Ctx, Result,
    cluster::{ListQuery, list_pages},
    mesh::{Known, Tap, wire::Lean},
};

use super::{platform::gap, seen::Watcher};
use crate::{
    facts::{Upgrade, only_live},
    rules::Rules,
};

const KIND: &str = "Service";

/// Whether a release on the way changed something about Services: only then the list is asked for. It may be long.
pub(super) fn needed(rules: &Rules, upgrade: &Upgrade) -> bool {
    let (Some(from), Some(to)) = (upgrade.from, &upgrade.to) else {
        return false;
    };
    rules
        .iter()
        .filter(|rule| rule.release.is_some_and(|at| from < at && at <= to.minor))
        .any(|rule| rule.kinds.iter().any(|kind| kind == KIND))
}

/// Shows them to the watcher where they are wanted: it has seen those of the Istio namespace, and an archive holds few
/// others. By their type they can be asked for from Kubernetes 1.31 on only (kubernetes/kubernetes#123905), and such an
/// upgrade begins on an older one.
pub(super) async fn read(ctx: &Ctx, wanted: bool, watcher: &Arc<Watcher>) -> Result<Known<()>> {
    if !wanted {
        return Ok(Known::Known(()));
    }
    if ctx.rehearsal().is_some() {
        return Ok(only_live("Services outside the Istio namespace"));
    }
    let (conn, client) = (ctx.connection()?, ctx.client()?);
    let query = ListQuery {
        field_selector: Some(format!("metadata.namespace!={}", conn.istio_namespace)),
        ..ListQuery::default()
    };
    let watcher = Arc::clone(watcher);
    let see = move |(): &mut (), Lean(service): Lean| watcher.see("services", KIND, &service);
    let listed = list_pages(&client, "/api/v1/services", &query, || (), see).await;
    let read = listed.map(|_| ());
    let doing = "list services in all namespaces";
    Ok(read.map_err(|e| gap(&e, conn, "services", doing)).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{facts::Target, route::Minor};

    #[test]
    fn services_are_asked_for_only_where_a_release_changed_them() {
        let rules = Rules::all().unwrap();
        for (from, to, want) in [
            (Some((1, 20)), Some("1.21"), true),
            (Some((1, 19)), Some("1.20"), false),
            (Some((1, 23)), Some("1.24.2"), true),
            (Some((1, 24)), Some("1.26"), true),
            (Some((1, 26)), Some("1.28.1"), false),
            (Some((1, 28)), Some("1.20"), false),
            (Some((1, 20)), None, false),
            (None, Some("1.21"), false),
        ] {
            let from: Option<Minor> = from;
            let upgrade = Upgrade {
                from,
                to: to.and_then(Target::parse),
                route: Vec::new(),
            };
            assert_eq!(needed(&rules, &upgrade), want, "{from:?} {to:?}");
        }
    }
}
