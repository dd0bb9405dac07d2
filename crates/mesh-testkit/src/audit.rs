//! The API server's audit log: the proof of who read and wrote what.

use std::{
    collections::HashMap,
    io::{Read as _, Seek as _, SeekFrom},
    path::Path,
    time::{Duration, Instant},
};

use serde::Deserialize;

use crate::Result;

/// What is logged: every request at Metadata level, but for the control plane's and the fixture's own.
///
/// `RequestReceived` is written before a request is handled, so every request that has been answered is in the log.
pub(crate) const POLICY: &str = r#"
apiVersion: audit.k8s.io/v1
kind: Policy
rules:
- level: None
  users: ["mesh-testkit", "kwok", "system:apiserver", "system:kube-controller-manager", "system:kube-scheduler", "system:anonymous"]
- level: Metadata
"#;

/// A place in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark(u64);

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`.
    pub verb: String,
    /// Path and query.
    pub uri: String,
    /// Who asked; the impersonated user where there is one.
    pub user: String,
    /// The User-Agent.
    pub agent: String,
    /// The resource with its subresource: `pods`, `pods/eviction`; empty for paths that are none.
    pub resource: String,
    /// Its namespace, or empty.
    pub namespace: String,
    /// Its name, or empty.
    pub name: String,
    /// The HTTP status of the answer; `None` while there is none.
    pub code: Option<u16>,
}

impl AuditEvent {
    /// Whether it was sent with `dryRun`.
    pub fn is_dry_run(&self) -> bool {
        self.uri.split_once('?').is_some_and(|(_, query)| {
            query
                .split('&')
                .any(|p| p.starts_with("dryRun=") && p != "dryRun=")
        })
    }

    /// Whether it changes, or tries to change, what is stored. Reviews (`SelfSubjectAccessReview` and the like) and
    /// port-forward are sent as writes and store nothing.
    pub fn is_write(&self) -> bool {
        let verb = matches!(
            self.verb.as_str(),
            "create" | "update" | "patch" | "delete" | "deletecollection"
        );
        let group = |g: &str| self.uri.starts_with(&format!("/apis/{g}/"));
        let stores = !group("authorization.k8s.io")
            && !group("authentication.k8s.io")
            && !matches!(
                self.resource.as_str(),
                "pods/portforward" | "pods/exec" | "pods/attach" | "serviceaccounts/token"
            );
        verb && stores && !self.is_dry_run()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    #[serde(rename = "auditID")]
    id: String,
    stage: String,
    #[serde(rename = "requestURI")]
    uri: String,
    verb: String,
    user: User,
    impersonated_user: Option<User>,
    #[serde(default)]
    user_agent: String,
    #[serde(default)]
    object_ref: ObjectRef,
    response_status: Option<Answer>,
}

#[derive(Deserialize)]
struct User {
    #[serde(default)]
    username: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ObjectRef {
    resource: String,
    subresource: String,
    namespace: String,
    name: String,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    code: u16,
}

pub(crate) fn mark(log: &Path) -> Mark {
    Mark(std::fs::metadata(log).map_or(0, |m| m.len()))
}

/// The requests since then, in the order they came in.
pub(crate) fn since(log: &Path, mark: Mark) -> Result<Vec<AuditEvent>> {
    let deadline = Instant::now() + Duration::from_secs(2);
    loop {
        let events = read(log, mark)?;
        // The answer is written after the client has it. A watch may never end.
        let open = events
            .iter()
            .any(|e| e.code.is_none() && e.verb != "watch" && !connects(e));
        if !open || Instant::now() > deadline {
            return Ok(events);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn connects(event: &AuditEvent) -> bool {
    matches!(
        event.resource.as_str(),
        "pods/portforward" | "pods/exec" | "pods/attach" | "pods/log"
    )
}

fn read(log: &Path, mark: Mark) -> Result<Vec<AuditEvent>> {
    let mut file = std::fs::File::open(log)?;
    file.seek(SeekFrom::Start(mark.0))?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    let mut events: Vec<AuditEvent> = Vec::new();
    let mut at: HashMap<String, usize> = HashMap::new();
    // The last line may be half written.
    for line in text.split_inclusive('\n').filter(|l| l.ends_with('\n')) {
        let line: Line = serde_json::from_str(line)?;
        let (id, received) = (line.id.clone(), line.stage == "RequestReceived");
        let event = line.event();
        match at.get(&id) {
            Some(&i) => events[i] = event,
            // Asked before the mark, answered after it.
            None if !received => {}
            None => {
                at.insert(id, events.len());
                events.push(event);
            }
        }
    }
    Ok(events)
}

impl Line {
    fn event(self) -> AuditEvent {
        let ObjectRef {
            resource,
            subresource,
            namespace,
            name,
        } = self.object_ref;
        AuditEvent {
            verb: self.verb,
            uri: self.uri,
            user: self.impersonated_user.unwrap_or(self.user).username,
            agent: self.user_agent,
            resource: if subresource.is_empty() {
                resource
            } else {
                format!("{resource}/{subresource}")
            },
            namespace,
            name,
            code: self.response_status.map(|s| s.code),
        }
    }
}
