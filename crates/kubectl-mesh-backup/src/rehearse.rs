//! What the API server would say to an object, were it written: asked by server-side dry-run, which writes nothing.

mod answer;
mod served;

use kube::Client;
use mesh_common::{
    cluster::Connection,
    journal::api::{self, FIELD_MANAGER},
    output::clean,
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    noise::{self, Noise},
    schema::{Fit, Schemas},
};
use served::{Served, Standing};

/// What would come of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "camelCase")]
pub(crate) enum Verdict {
    /// It would be created.
    Create,
    /// It would change an object that is there.
    Change,
    /// It is there already.
    Same,
    /// It would be refused.
    Rejected {
        /// By whom and why.
        why: String,
    },
    /// The API server could not be asked, or did not say.
    Unknown {
        /// Why not.
        why: String,
    },
}

impl Verdict {
    fn rejected(why: impl AsRef<str>) -> Self {
        Self::Rejected {
            why: clean(why.as_ref(), 600),
        }
    }

    fn unknown(why: impl AsRef<str>) -> Self {
        Self::Unknown {
            why: clean(why.as_ref(), 600),
        }
    }
}

/// An object as a restore would write it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// API group; empty for core.
    pub(crate) group: &'a str,
    /// Plural.
    pub(crate) resource: &'a str,
    /// Its namespace, for kinds that have one.
    pub(crate) namespace: Option<&'a str>,
    /// Its name.
    pub(crate) name: &'a str,
    /// The object, `apiVersion` and `kind` included.
    pub(crate) object: &'a Value,
}

impl Subject<'_> {
    /// `pods`, `deployments.apps`.
    fn what(&self) -> String {
        match self.group {
            "" => self.resource.to_owned(),
            group => format!("{}.{group}", self.resource),
        }
    }

    fn version(&self) -> &str {
        let api = self.object["apiVersion"].as_str().unwrap_or_default();
        api.rsplit('/').next().unwrap_or_default()
    }

    /// The URL path of its collection.
    fn collection(&self) -> String {
        let version = self.version();
        let root = match self.group {
            "" => format!("/api/{version}"),
            group => format!("/apis/{group}/{version}"),
        };
        match self.namespace {
            Some(namespace) => format!("{root}/namespaces/{namespace}/{}", self.resource),
            None => format!("{root}/{}", self.resource),
        }
    }

    /// Whether its parts can stand in a URL path. An archive may say anything.
    fn is_plain(&self) -> bool {
        let plain = |part: &str| {
            !part.is_empty()
                && part != "."
                && part != ".."
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-._:".contains(&b))
        };
        [self.resource, self.version(), self.name]
            .into_iter()
            .chain(self.namespace)
            .all(plain)
            && (self.group.is_empty() || plain(self.group))
    }
}

/// What is known of the object on the cluster.
#[derive(Debug, Clone)]
pub(crate) enum Live {
    /// It was not looked at; it will be.
    NotRead,
    /// It is not there.
    Absent,
    /// It is there.
    Present(Value),
}

/// Asks one cluster about the objects of one archive.
pub(crate) struct Rehearsal<'a> {
    conn: &'a Connection,
    client: Client,
    served: Served,
    schemas: Schemas,
}

impl<'a> Rehearsal<'a> {
    /// Nothing is asked yet. `schemas` are those of the archive's own CRDs.
    pub(crate) fn new(conn: &'a Connection, client: Client, schemas: Schemas) -> Self {
        Self {
            conn,
            served: Served::new(client.clone()),
            client,
            schemas,
        }
    }

    /// What would come of writing an object. Safe to call many times at once.
    pub(crate) async fn rehearse(&self, subject: Subject<'_>, live: Live) -> Verdict {
        if !subject.is_plain() {
            return Verdict::rejected("no object can have such a name");
        }
        match self
            .served
            .standing(subject.group, subject.version(), subject.resource)
            .await
        {
            Ok(Standing::Served) => {}
            Ok(Standing::InOthers(versions)) => {
                return Verdict::rejected(format!(
                    "{} is not served in {}, only in {}",
                    subject.what(),
                    subject.version(),
                    versions.join(", ")
                ));
            }
            Ok(Standing::NotAtAll) => return self.by_schema(&subject, "is not served here"),
            Err(why) => return Verdict::unknown(why),
        }
        let live = match live {
            Live::NotRead => {
                match api::get(
                    &self.client,
                    &format!("{}/{}", subject.collection(), subject.name),
                )
                .await
                {
                    Ok(Some(object)) => Live::Present(object),
                    Ok(None) => Live::Absent,
                    Err(e) => return Verdict::unknown(self.words(&subject, &e)),
                }
            }
            known => known,
        };
        match live {
            Live::Present(live) => self.replace(&subject, &live).await,
            _ => self.create(&subject).await,
        }
    }

    async fn create(&self, subject: &Subject<'_>) -> Verdict {
        let path = dry(&subject.collection());
        match answer::send(&self.client, "POST", &path, &written(subject.object)).await {
            Ok(_) => Verdict::Create,
            Err(e) if answer::lacks_namespace(&e) => self.by_schema(
                subject,
                &format!(
                    "cannot be asked about before namespace {} is there",
                    subject.namespace.unwrap_or_default()
                ),
            ),
            Err(e) => match without_addresses(subject) {
                Some(object) if answer::is_refusal(&e) => {
                    match answer::send(&self.client, "POST", &path, &object).await {
                        Ok(_) => Verdict::Create,
                        Err(_) => self.judge(subject, &e),
                    }
                }
                _ => self.judge(subject, &e),
            },
        }
    }

    async fn replace(&self, subject: &Subject<'_>, live: &Value) -> Verdict {
        if is_same(subject.object, live) {
            return Verdict::Same;
        }
        let mut object = written(subject.object);
        for field in ["resourceVersion", "uid"] {
            if let Some(value) = live["metadata"].get(field) {
                object["metadata"][field] = value.clone();
            }
        }
        let path = dry(&format!("{}/{}", subject.collection(), subject.name));
        match answer::send(&self.client, "PUT", &path, &object).await {
            Ok(after) if is_same(&after, live) => Verdict::Same,
            Ok(_) => Verdict::Change,
            Err(e) => self.judge(subject, &e),
        }
    }

    fn judge(&self, subject: &Subject<'_>, e: &kube::Error) -> Verdict {
        let why = self.words(subject, e);
        if answer::is_refusal(e) {
            Verdict::rejected(why)
        } else {
            Verdict::unknown(why)
        }
    }

    fn words(&self, subject: &Subject<'_>, e: &kube::Error) -> String {
        answer::words(e, subject.resource == "secrets", self.conn)
    }

    /// The archive's own CRD has a say where the cluster has none.
    fn by_schema(&self, subject: &Subject<'_>, why: &str) -> Verdict {
        let what = subject.what();
        if !self.schemas.knows(&what) {
            return Verdict::unknown(format!("{what} {why}"));
        }
        match self.schemas.judge(&what, subject.version(), subject.object) {
            Fit::Problems(problems) => {
                Verdict::rejected(format!("by the archive's own CRD: {}", problems.join("; ")))
            }
            Fit::Structure => Verdict::unknown(format!(
                "{what} {why}; it fits the archive's own CRD, and more is not known"
            )),
            Fit::NoSchema(none) => Verdict::unknown(format!("{what} {why}, and {none}")),
        }
    }
}

/// An object without what only the server sets: what is sent.
fn written(object: &Value) -> Value {
    let mut object = object.clone();
    noise::set_aside(&mut object);
    object
}

/// A Service without what somebody else may have by now: a restore lets the API server give it others.
fn without_addresses(subject: &Subject<'_>) -> Option<Value> {
    if !(subject.group.is_empty() && subject.resource == "services") {
        return None;
    }
    let mut object = written(subject.object);
    let spec = object.get_mut("spec")?.as_object_mut()?;
    if spec.get("clusterIP").is_some_and(|ip| ip != "None") {
        spec.remove("clusterIP");
        spec.remove("clusterIPs");
    }
    spec.remove("healthCheckNodePort");
    let ports = spec.get_mut("ports").and_then(Value::as_array_mut);
    for port in ports.into_iter().flatten().filter_map(Value::as_object_mut) {
        port.remove("nodePort");
    }
    Some(object)
}

/// Strict: a field that this API server does not know is a refusal, and never a silent loss.
fn dry(path: &str) -> String {
    format!("{path}?dryRun=All&fieldValidation=Strict&fieldManager={FIELD_MANAGER}")
}

fn is_same(a: &Value, b: &Value) -> bool {
    let (mut a, mut b) = (a.clone(), b.clone());
    Noise::new(false).out_of_both(&mut a, &mut b);
    a == b
}

#[cfg(test)]
mod tests;
