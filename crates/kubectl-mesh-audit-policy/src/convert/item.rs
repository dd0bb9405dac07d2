//! What is made of one policy: the mode, the copy, and what has to be said.

use mesh_common::{
    Outcome,
    journal::{Image, Kind, image},
    output::{clean, count},
    shell,
};
use serde_json::Value;

use super::{
    mode::{Choice, Mode, Place, Refusal, choose},
    places,
    select::Source,
};
use crate::{
    copy::{self, Copy, Form},
    policy::{Action, DryRun},
    scene::{Enforcer, Found, Scene},
};

/// One policy and what is made of it.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) source: Source,
    /// Why nothing is made.
    pub(crate) refusal: Option<Refusal>,
    /// How it is watched.
    pub(crate) mode: Option<Mode>,
    /// The copy; none in mode replay.
    pub(crate) copy: Option<Value>,
    /// Whether the very same copy is there already.
    pub(crate) there: bool,
    /// Workloads with a proxy that it applies to; none where that is not known.
    pub(crate) workloads: Option<Vec<String>>,
    /// What has to be said, one line each.
    pub(crate) said: Vec<String>,
}

impl Item {
    /// Decides about each.
    pub(crate) fn all(scene: &Scene, sources: Vec<Source>, asked: Option<Mode>) -> Vec<Self> {
        let every: Vec<Found> = sources.iter().map(|s| s.found.clone()).collect();
        sources
            .into_iter()
            .map(|source| Self::of(scene, source, asked, &every))
            .collect()
    }

    fn of(scene: &Scene, source: Source, asked: Option<Mode>, every: &[Found]) -> Self {
        let mut item = Self {
            source,
            refusal: None,
            mode: None,
            copy: None,
            there: false,
            workloads: None,
            said: Vec::new(),
        };
        if let Err(refusal) = item.decide(scene, asked, every) {
            item.refusal = Some(refusal);
        }
        item
    }

    fn decide(
        &mut self,
        scene: &Scene,
        asked: Option<Mode>,
        every: &[Found],
    ) -> Result<(), Refusal> {
        let found = &self.source.found;
        if let Some(copy) = Copy::read(found) {
            return Err(refused(format!(
                "it is a copy of {} already",
                clean(&copy.of, 253)
            )));
        }
        if found.policy.dry_run == DryRun::Yes {
            return Err(refused("it is a dry run already, and blocks nothing"));
        }
        let action = found.policy.spec.action;
        let places = places::of(scene, found);
        if let Ok(places) = &places {
            self.workloads = Some(places.iter().map(|p| p.name.clone()).collect());
        }
        let known = places.as_ref().map(Vec::as_slice).map_err(String::as_str);
        let Choice { mode, because } = choose(asked, action, known)?;
        self.mode = Some(mode);
        if mode == Mode::Replay {
            self.said
                .push("no copy: recorded traffic is judged instead".to_owned());
            self.said.extend(because);
            return Ok(());
        }
        let form = if mode == Mode::Audit {
            Form::Audit
        } else {
            Form::DryRun
        };
        let copy = copy::make(found, self.source.standing.as_ref(), form).map_err(refused)?;
        self.there = already(scene, &copy)?;
        self.said.extend(about_original(&self.source));
        self.said
            .extend(about_seeing(mode, action, &places.unwrap_or_default()));
        if mode == Mode::DryRun {
            let beside: Vec<&Found> = every
                .iter()
                .filter(|other| other.name() != found.name())
                .collect();
            self.said.extend(about_others(scene, found, &beside));
        }
        if found.owner().is_owned() {
            self.said.push(format!(
                "{} owns the policy: its labels and annotations are not copied, or it would take the copy for its own",
                found.owner().short()
            ));
        }
        if self.there {
            self.said
                .push("this very copy is there already: nothing to do".to_owned());
        }
        self.copy = Some(copy);
        Ok(())
    }

    /// Its copy as an object to create; none where there is nothing to do.
    pub(crate) fn image(&self) -> Option<Image> {
        let copy = self.copy.as_ref().filter(|_| !self.there)?;
        let found = Found::of(copy.clone()).ok()?;
        Some(Image {
            key: copy::key_of(&found),
            before: None,
            planned: Some(copy.clone()),
            after: None,
        })
    }

    /// Whether recorded traffic can be judged by it.
    pub(crate) fn replayable(&self) -> bool {
        matches!(
            self.source.found.policy.spec.action,
            Action::Deny | Action::Allow
        ) && Copy::read(&self.source.found).is_none()
    }

    /// The command that judges recorded traffic.
    pub(crate) fn replay(&self) -> String {
        let policy = &self.source.found.policy;
        match &self.source.file {
            Some(file) if file != "stdin" => shell::command(
                "kubectl mesh-audit-policy replay -f {} -n {} --since 24h",
                &[file, &policy.namespace],
            ),
            Some(_) => shell::command(
                "kubectl mesh-audit-policy replay -f FILE -n {} --since 24h",
                &[&policy.namespace],
            ),
            None => shell::command(
                "kubectl mesh-audit-policy replay {} -n {} --since 24h",
                &[&policy.name, &policy.namespace],
            ),
        }
    }
}

fn refused(why: impl Into<String>) -> Refusal {
    Refusal {
        outcome: Outcome::Refused,
        why: vec![why.into()],
    }
}

/// Whether this very copy is there. Anything else of its name is a refusal.
fn already(scene: &Scene, copy: &Value) -> Result<bool, Refusal> {
    let (namespace, name) = (&copy["metadata"]["namespace"], &copy["metadata"]["name"]);
    let is = |ns: &str, n: &str| *namespace == *ns && *name == *n;
    if scene.broken.iter().any(|b| is(&b.namespace, &b.name)) {
        return Err(refused(format!("{name} is there, and cannot be judged")));
    }
    let policies = scene.policies().unwrap_or_default();
    let Some(there) = policies
        .iter()
        .find(|f| is(&f.policy.namespace, &f.policy.name))
    else {
        return Ok(false);
    };
    let plain = |o: &Value| {
        let mut o = image::without_server_fields(Kind::AuthorizationPolicy, o);
        // When it was copied does not matter, only what.
        if let Some(annotations) = o["metadata"]["annotations"].as_object_mut() {
            annotations.remove(copy::key::OF_VERSION);
            annotations.remove(copy::key::OF_UID);
            annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
        }
        o
    };
    let (stands, wanted) = (plain(&there.object), plain(copy));
    if stands == wanted {
        return Ok(true);
    }
    let word = if Copy::read(there).is_some() {
        "is there already, and is another copy"
    } else {
        "is there already, and is no copy of ours"
    };
    let name = name.as_str().unwrap_or_default();
    let mut why = vec![format!("{} {word}:", clean(name, 253))];
    let found = image::differences(Some(&stands), Some(&wanted));
    why.extend(
        found
            .iter()
            .take(6)
            .map(|d| format!("{}: is {}, would be {}", d.path, d.expected, d.found)),
    );
    why.push("remove it first, or choose another way to watch".to_owned());
    Err(Refusal {
        outcome: Outcome::Refused,
        why,
    })
}

/// What the policy itself does meanwhile.
fn about_original(source: &Source) -> Vec<String> {
    let action = source.found.policy.spec.action;
    let enforces = match action {
        Action::Allow => "the policy itself still enforces, so that its copy alone changes nothing",
        _ => "the policy itself still enforces: its copy shows what is denied already",
    };
    let mut said = match (&source.file, &source.standing) {
        (None, _) => vec![enforces.to_owned()],
        (Some(_), None) => {
            vec!["the cluster has no such policy: nothing of it is enforced yet".to_owned()]
        }
        (Some(_), Some(standing)) if standing.policy.dry_run == DryRun::Yes => {
            vec!["the cluster has it as a dry run, which stays as it is".to_owned()]
        }
        (Some(_), Some(standing))
            if copy::digest_of(standing) == copy::digest_of(&source.found) =>
        {
            vec![enforces.to_owned()]
        }
        (Some(_), Some(_)) => vec![
            "the cluster enforces another spec under this name, and goes on doing so".to_owned(),
        ],
    };
    if action == Action::Allow {
        said.push(
            "a dry-run ALLOW is not evaluated for requests that an enforced DENY rejects"
                .to_owned(),
        );
    }
    said
}

/// How what it does can be seen.
fn about_seeing(mode: Mode, action: Action, places: &[Place]) -> Vec<String> {
    let mut said = Vec::new();
    if places.is_empty() {
        said.push("it applies to no workload with a proxy today: nothing will be seen".to_owned());
    }
    if mode == Mode::Audit {
        said.push(
            "AUDIT shows nothing by itself: Envoy sets access_log_hint on requests that match some AUDIT policy, and an \
             access log has to be told to keep those"
                .to_owned(),
        );
        return said;
    }
    let word = if action == Action::Allow {
        "allow"
    } else {
        "deny"
    };
    if places.iter().any(|p| p.enforcer != Enforcer::Ztunnel) {
        said.push(format!(
            "seen in the proxies' counters istio_dry_run_{word}_*.shadow_denied and shadow_allowed"
        ));
    }
    if places.iter().any(|p| p.enforcer == Enforcer::Ztunnel) {
        said.push("ztunnel has no counters for it: seen in its debug log only".to_owned());
    }
    said
}

/// Other policies that share the counters.
fn about_others(scene: &Scene, found: &Found, beside: &[&Found]) -> Vec<String> {
    match places::also_watched(scene, found, beside) {
        Ok(shared) if shared.is_empty() => Vec::new(),
        Ok(shared) => {
            let (first, more) = shared.split_at(shared.len().min(3));
            let more = match more.len() {
                0 => String::new(),
                n => format!(" and {}", count(n, "other")),
            };
            vec![format!(
                "counters cannot tell it from other dry runs on the same workload ({}{more}); replay can",
                first.join(", ")
            )]
        }
        Err(why) => vec![format!(
            "whether other dry runs share its counters is unknown: {why}"
        )],
    }
}
