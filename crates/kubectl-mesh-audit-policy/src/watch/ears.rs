//! What is listened to while a policy is watched: the logs of its proxies, and pods as they come and go, which tell whose
//! an address is.

use std::{collections::BTreeMap, time::Duration};

use futures::{AsyncReadExt as _, TryStreamExt as _};
use jiff::Timestamp;
use kube::{Client, core::WatchEvent};
use mesh_common::{
    cluster::{Connection, explain, is_forbidden},
    output::clean,
};
use serde_json::Value;
use tokio::{sync::mpsc, task::JoinSet};

use super::proxies;
use crate::replay::{Lines, Pod};

/// Proxies whose logs are read at once: each is a connection through the API server to a node.
pub(super) const MOST: usize = 100;
/// So far back a log is read that was there before: requests that began before the watch are left out by their time.
const BACK: u32 = 10;
/// Pieces that may wait to be looked at.
const WAITING: usize = 256;
/// Before pods are asked for again after a failure.
const AGAIN: Duration = Duration::from_secs(5);

/// Something that was heard.
pub(super) enum Sound {
    /// Whole lines of a proxy's log, by the uid of its pod.
    Lines(String, Vec<u8>),
    /// So many lines of it were too long.
    TooLong(String, u64),
    /// A log ended, or could not be read.
    Silent(String, Silence),
    /// A pod came or changed.
    Pod(Box<Pod>),
    /// A pod went.
    Gone(Box<Pod>),
    /// Pods are heard of from now on: those that come after what is known, or all that there are.
    Pods(From),
    /// They are not, and why.
    NoPods(String),
}

/// What a watch of pods begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// What is known.
    Known,
    /// Nothing.
    Nothing,
}

/// Why nothing more comes of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Silence {
    /// It came to an end, as when a proxy restarts or a connection breaks off. It is taken up where it ended.
    Ended,
    /// This user may not read it.
    Forbidden(String),
    /// It could not be read.
    Failed(String),
}

/// Ears on all that.
pub(super) struct Ears {
    conn: Connection,
    client: Client,
    say: mpsc::Sender<Sound>,
    hear: mpsc::Receiver<Sound>,
    /// Where each log was left: the time of its last line. None while it is being read.
    logs: BTreeMap<String, Option<Left>>,
    /// They end with it.
    tasks: JoinSet<()>,
    pods: bool,
}

/// Where a log was left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Left(pub(super) Option<Timestamp>);

impl Ears {
    pub(super) fn new(conn: &Connection, client: &Client) -> Self {
        let (say, hear) = mpsc::channel(WAITING);
        Self {
            conn: conn.clone(),
            client: client.clone(),
            say,
            hear,
            logs: BTreeMap::new(),
            tasks: JoinSet::new(),
            pods: false,
        }
    }

    /// The next that is heard. It never ends: these are ears, not what speaks.
    pub(super) async fn next(&mut self) -> Option<Sound> {
        self.hear.recv().await
    }

    /// Reads the log of a pod from now on, or again from where it ended; false where that would be one too many.
    pub(super) fn follow(&mut self, pod: &proxies::Pod, began: Timestamp) -> bool {
        let again = self.logs.get(&pod.uid).copied();
        let left = match again {
            Some(None) => return true,
            Some(Some(left)) => left,
            None => Left::default(),
        };
        let open = self.logs.values().filter(|left| left.is_none()).count();
        if open >= MOST {
            return false;
        }
        self.logs.insert(pod.uid.clone(), None);
        let from = match left.0 {
            Some(at) => format!("&sinceTime={at:.0}"),
            // All that a pod wrote which came later.
            None if pod.started.is_some_and(|at| at > began) => String::new(),
            None if again.is_some() => format!("&sinceTime={began:.0}"),
            None => format!("&sinceSeconds={BACK}"),
        };
        let path = format!(
            "/api/v1/namespaces/{}/pods/{}/log?container={}&follow=true&timestamps=true{from}",
            pod.namespace,
            pod.name,
            proxies::PROXY
        );
        let doing = format!("read the log of pod {} in {}", pod.name, pod.namespace);
        let (client, conn, say) = (self.client.clone(), self.conn.clone(), self.say.clone());
        let uid = pod.uid.clone();
        self.tasks.spawn(async move {
            let silence = log(&client, &path, &uid, left, &say).await;
            let silence = match silence {
                Ok(()) => Silence::Ended,
                Err(e) => {
                    let why = clean(&explain(&e, &doing, &conn).to_string(), 300);
                    if is_forbidden(&e) {
                        Silence::Forbidden(why)
                    } else {
                        Silence::Failed(why)
                    }
                }
            };
            // Nobody listens any more where the watch is over.
            let _ = say.send(Sound::Silent(uid, silence)).await;
        });
        true
    }

    /// A log ended at its last line, and can be taken up there.
    pub(super) fn ended(&mut self, uid: &str, at: Left) {
        if let Some(left) = self.logs.get_mut(uid) {
            *left = Some(at);
        }
    }

    /// Hears of pods from this version of their list on; once.
    pub(super) fn follow_pods(&mut self, version: &str) {
        if std::mem::replace(&mut self.pods, true) {
            return;
        }
        let (client, conn, say) = (self.client.clone(), self.conn.clone(), self.say.clone());
        let version = version.to_owned();
        self.tasks
            .spawn(async move { pods(&client, &conn, version, &say).await });
    }
}

/// Sends the lines of a log that are after where it was left.
async fn log(
    client: &Client,
    path: &str,
    uid: &str,
    left: Left,
    say: &mpsc::Sender<Sound>,
) -> Result<(), kube::Error> {
    let request = http::Request::get(path)
        .body(Vec::new())
        .map_err(kube::Error::HttpError)?;
    let stream = client.request_stream(request).await?;
    let mut stream = std::pin::pin!(stream);
    let mut room = vec![0; 64 << 10];
    let mut lines = Lines::default();
    loop {
        let mut whole = Vec::new();
        let mut keep = |line: &[u8]| {
            if is_new(line, left) {
                whole.extend_from_slice(line);
                whole.push(b'\n');
            }
        };
        let (long, over) = match stream.read(&mut room).await {
            // What a connection breaks off in the middle of comes again.
            Ok(0) | Err(_) => (0, true),
            Ok(n) => (
                lines.push(room.get(..n).unwrap_or_default(), &mut keep),
                false,
            ),
        };
        if long > 0
            && say
                .send(Sound::TooLong(uid.to_owned(), long))
                .await
                .is_err()
        {
            return Ok(());
        }
        if !whole.is_empty() {
            let sound = Sound::Lines(uid.to_owned(), whole);
            if say.send(sound).await.is_err() {
                return Ok(());
            }
        }
        if over {
            return Ok(());
        }
    }
}

/// The time that the node put before a line.
pub(super) fn written(line: &[u8]) -> Option<Timestamp> {
    let end = memchr::memchr(b' ', line.get(..40.min(line.len()))?)?;
    std::str::from_utf8(line.get(..end)?).ok()?.parse().ok()
}

/// A log that is taken up begins at a full second: what was read of it is there again.
fn is_new(line: &[u8], left: Left) -> bool {
    match (left.0, written(line)) {
        (Some(left), Some(at)) => at > left,
        _ => true,
    }
}

/// Says what becomes of pods, until nobody listens.
async fn pods(client: &Client, conn: &Connection, mut version: String, say: &mpsc::Sender<Sound>) {
    loop {
        let heard = pods_once(client, &mut version, say).await;
        let why = match heard {
            // The API server ends a watch now and then. It goes on from where it was.
            Ok(true) => None,
            Ok(false) => return,
            Err(e) => {
                let why = explain(&e, "watch pods", conn).to_string();
                let why = clean(&why, 300);
                if is_forbidden(&e) {
                    let _ = say.send(Sound::NoPods(why)).await;
                    return;
                }
                // Forgotten: from the state that there is now.
                version.clear();
                Some(why)
            }
        };
        if let Some(why) = why {
            if say.send(Sound::NoPods(why)).await.is_err() {
                return;
            }
            tokio::time::sleep(AGAIN).await;
        }
    }
}

/// One watch; false when nobody listens.
async fn pods_once(
    client: &Client,
    version: &mut String,
    say: &mpsc::Sender<Sound>,
) -> Result<bool, kube::Error> {
    let path =
        format!("/api/v1/pods?watch=true&allowWatchBookmarks=true&resourceVersion={version}");
    let request = http::Request::get(path)
        .body(Vec::new())
        .map_err(kube::Error::HttpError)?;
    let events = client.request_events::<Value>(request).await?;
    let mut events = std::pin::pin!(events);
    let from = if version.is_empty() {
        From::Nothing
    } else {
        From::Known
    };
    if say.send(Sound::Pods(from)).await.is_err() {
        return Ok(false);
    }
    while let Some(event) = events.try_next().await? {
        let (sound, pod) = match &event {
            WatchEvent::Added(pod) | WatchEvent::Modified(pod) => {
                (Sound::Pod(Box::new(pod.into())), pod)
            }
            WatchEvent::Deleted(pod) => (Sound::Gone(Box::new(pod.into())), pod),
            WatchEvent::Bookmark(mark) => {
                version.clone_from(&mark.metadata.resource_version);
                continue;
            }
            WatchEvent::Error(status) => return Err(kube::Error::Api(status.clone())),
        };
        if let Some(now) = pod["metadata"]["resourceVersion"].as_str() {
            now.clone_into(version);
        }
        if say.send(sound).await.is_err() {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_is_taken_up_begins_after_its_last_line() {
        let left = Left("2026-11-22T01:20:37.5Z".parse().ok());
        for (line, new) in [
            ("2026-11-22T01:20:37.499999999Z [a]", false),
            ("2026-11-22T01:20:37.500000000Z [a]", false),
            ("2026-11-22T01:20:37.500000001Z [a]", true),
            ("2026-11-22T02:20:37.500000001+01:00 [a]", true),
            ("2026-11-22T02:20:37.400000000+01:00 [a]", false),
            // Without a time nobody can tell: rather twice than not at all.
            ("[a]", true),
            ("", true),
        ] {
            assert_eq!(is_new(line.as_bytes(), left), new, "{line}");
            assert!(is_new(line.as_bytes(), Left::default()), "{line}");
        }
    }
}
