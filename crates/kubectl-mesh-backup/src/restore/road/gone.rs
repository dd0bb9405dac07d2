//! What is to go.

use mesh_common::journal::{Operation, api};
use tokio::time::Instant;

use super::{HOLD, Progress, RENEW, Road, Stop};
use crate::restore::{
    live::Live,
    local::{Contents, Item},
    place::Phase,
    send::{is_answer, words},
    standing::{Standing, standing},
};

impl Road<'_> {
    /// Deletes what is to go, the last step first.
    pub(super) async fn delete(
        &self,
        operation: &mut Operation<'_>,
        contents: &Contents,
        live: &Live,
        progress: &mut Progress,
    ) {
        let mut items: Vec<&Item> = contents.deletes.iter().collect();
        items.sort_by_key(|i| std::cmp::Reverse(i.phase));
        let mut renewed = Instant::now();
        for item in items {
            if self.ctx.interrupt.requested() {
                progress.stopped = Some(Stop::Interrupted);
                return;
            }
            if renewed.elapsed() > RENEW {
                operation.extend(HOLD).await;
                renewed = Instant::now();
            }
            let Item { key, api, .. } = item;
            let Some(now) = live.get(key) else {
                progress.already += 1;
                continue;
            };
            let before = contents.before.get(key);
            if let Standing::Foreign(places) = standing(key, before, None, None, Some(&now)) {
                progress.failed.push(format!(
                    "{key}: somebody else changed it meanwhile: {}",
                    places.join(", ")
                ));
                continue;
            }
            if item.phase == Phase::Crds
                && let Some(why) = self.still_used(&now).await
            {
                progress.failed.push(format!("{key} stays: {why}"));
                continue;
            }
            let text = |field: &str| {
                now["metadata"][field]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned()
            };
            let path = api.path(api.version(), key);
            match api::delete(self.client, &path, &text("uid"), &text("resourceVersion")).await {
                Ok(()) => progress.deleted += 1,
                Err(e) => {
                    progress.failed.push(format!("{key}: {}", words(key, &e)));
                    if !is_answer(&e) {
                        progress.stopped = Some(Stop::Silent);
                        return;
                    }
                }
            }
        }
    }
}
