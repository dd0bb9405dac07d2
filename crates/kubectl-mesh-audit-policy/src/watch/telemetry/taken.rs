//! Whether the proxies have what istiod told them: each counts the sets of listeners that it took in. What is called
//! before that is in no log.

use std::{collections::BTreeMap, time::Duration};

use futures::{StreamExt, stream};
use mesh_common::output::count;
use tokio::time::Instant;

use super::super::{
    Subject,
    proxies::{AT_ONCE, Pod, fetch, pods},
};
use crate::road::Road;

/// Istio's bootstrap keeps these counters (`requiredEnvoyStatsMatcherInclusionPrefixes`, 1.20.8 to 1.28.1).
const PATH: &str = "/stats/prometheus?filter=listener_manager.lds.update_success";
const COUNTER: &str = "envoy_listener_manager_lds_update_success";
/// How long is waited: istiod pushes at once, and to thousands of proxies within some seconds.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(500);

/// What each proxy counted, by the uid of its pod. One that cannot be asked is left out.
pub(super) struct Taken {
    pods: Vec<Pod>,
    counted: BTreeMap<String, u64>,
}

impl Taken {
    pub(super) async fn read(road: &Road<'_>, subject: &Subject) -> Self {
        let listed = pods(road.connection, &road.client, &subject.workloads).await;
        let pods = listed.map(|(pods, _)| pods).unwrap_or_default();
        Self {
            counted: counted(road, &pods).await,
            pods,
        }
    }

    /// Waits until all of them took in another set. Nothing depends on it but how much of the beginning is logged.
    pub(super) async fn wait(&self, road: &Road<'_>) {
        let until = Instant::now() + PATIENCE;
        loop {
            let left = behind(&self.counted, &counted(road, &self.pods).await);
            if left == 0 || road.ctx.interrupt.requested() {
                break;
            }
            if Instant::now() >= until {
                road.ctx.printer.note(format!(
                    "{} of {} did not say in {} s that they have it: who calls them until then is not known.",
                    left,
                    count(self.counted.len(), "proxy"),
                    PATIENCE.as_secs()
                ));
                break;
            }
            road.ctx.printer.progress(&format!(
                "waiting until {} took it in: what is called before that is in no log",
                count(left, "proxy")
            ));
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = road.ctx.interrupt.wait() => {}
            }
        }
        road.ctx.printer.progress("");
    }
}

async fn counted(road: &Road<'_>, pods: &[Pod]) -> BTreeMap<String, u64> {
    let asked = stream::iter(pods).map(|pod| async move {
        let text = fetch(&road.client, pod, PATH).await.ok()?;
        Some((pod.uid.clone(), read(&text)?))
    });
    let all: Vec<Option<(String, u64)>> = asked.buffered(AT_ONCE).collect().await;
    all.into_iter().flatten().collect()
}

fn read(text: &str) -> Option<u64> {
    text.lines().find_map(|line| {
        let (name, value) = line.rsplit_once(' ')?;
        let plain = name.split('{').next().unwrap_or(name);
        (plain == COUNTER).then(|| value.trim().parse().ok())?
    })
}

/// How many have not counted another one. One that is gone, or began anew, has what there is.
fn behind(before: &BTreeMap<String, u64>, now: &BTreeMap<String, u64>) -> usize {
    let same = |(uid, count): &(&String, &u64)| now.get(*uid) == Some(count);
    before.iter().filter(same).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_has_it_when_it_took_in_another_set_of_listeners() {
        let text = "# TYPE envoy_listener_manager_lds_update_success counter\n\
            envoy_listener_manager_lds_update_success_more{} 9\n\
            envoy_listener_manager_lds_update_success{} 4\n";
        assert_eq!(read(text), Some(4));
        assert_eq!(
            read("envoy_listener_manager_lds_update_success{} x\n"),
            None
        );
        assert_eq!(read(""), None);
        let of = |all: &[(&str, u64)]| -> BTreeMap<String, u64> {
            all.iter().map(|(uid, n)| ((*uid).to_owned(), *n)).collect()
        };
        let before = of(&[("a", 4), ("b", 7)]);
        for (now, want) in [
            (of(&[("a", 4), ("b", 7)]), 2),
            (of(&[("a", 5), ("b", 7)]), 1),
            (of(&[("a", 5), ("b", 8)]), 0),
            (of(&[("a", 5)]), 0),
            (of(&[("a", 1), ("b", 8)]), 0),
        ] {
            assert_eq!(behind(&before, &now), want, "{now:?}");
        }
    }
}
