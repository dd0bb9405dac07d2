//! Names in a record. Whoever may write ConfigMaps in the Istio namespace could plant one, and its names go into
//! URLs, into arguments of istioctl and into commands to paste: they must be names.

use super::{Action, Image, Kind, Record};

/// Why a record's names are none.
///
/// # Errors
/// The first name that is none, in words.
pub(super) fn check(record: &Record) -> Result<(), String> {
    name("id", &record.id)?;
    if let Some(undone) = &record.undoes {
        name("undoes", undone)?;
    }
    label("istioNamespace", &record.istio_namespace)?;
    for (field, text) in [
        ("tag", &record.tag),
        ("from", &record.from),
        ("to", &record.to),
    ] {
        if let Some(text) = text {
            label(field, text)?;
        }
    }
    if let Some(files) = &record.files {
        digest("before", &files.before)?;
        digest("planned", &files.planned)?;
        files.after.iter().try_for_each(|d| digest("after", d))?;
        files.backup.iter().try_for_each(|d| digest("backup", d))?;
        for secret in &files.secrets {
            label("namespace", &secret.namespace)?;
            name("name", &secret.name)?;
            if let Some(written) = &secret.written {
                version("uid", &written.uid)?;
                version("resourceVersion", &written.resource_version)?;
            }
        }
        if !record.images.is_empty() {
            return Err("it has its objects in two places".into());
        }
    }
    policies(record)?;
    record.images.iter().try_for_each(image)
}

/// What the API server tells objects and their states apart by.
fn version(field: &str, text: &str) -> Result<(), String> {
    let good = (1..=64).contains(&text.len())
        && text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
    good.then_some(())
        .ok_or_else(|| format!("its {field} is none"))
}

/// Only mesh-audit-policy writes policies, and beside them a Telemetry while one is watched; and it writes nothing else.
fn policies(record: &Record) -> Result<(), String> {
    for policy in &record.policies {
        let (namespace, policy) = policy.split_once('/').ok_or_else(|| no_name("policies"))?;
        label("policies", namespace)?;
        name("policies", policy)?;
    }
    let own = match record.action {
        Action::Convert | Action::Enforce | Action::AccessLog => true,
        Action::Rollback => record.is_of_policies(),
        _ => false,
    };
    let fits = |image: &Image| {
        let (policy, telemetry) = (
            image.key.kind == Kind::AuthorizationPolicy,
            image.key.kind.is_telemetry(),
        );
        match record.action {
            Action::AccessLog => telemetry,
            Action::Rollback if own => policy || telemetry,
            _ => policy == own && !telemetry,
        }
    };
    if own != record.is_of_policies()
        || own && (record.tag.is_some() || record.files.is_some())
        || !record.images.iter().all(fits)
    {
        return Err(format!("{} writes no such objects", record.action.word()));
    }
    Ok(())
}

/// A SHA-256 in hexadecimal.
fn digest(field: &str, text: &str) -> Result<(), String> {
    let good = text.len() == 64 && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
    good.then_some(())
        .ok_or_else(|| format!("its {field} is no SHA-256"))
}

fn image(image: &Image) -> Result<(), String> {
    let key = &image.key;
    match (key.kind, &key.namespace) {
        (Kind::Service, Some(namespace)) => {
            label("namespace", namespace)?;
            label("name", &key.name)
        }
        (Kind::AuthorizationPolicy | Kind::Telemetry | Kind::TelemetryAlpha, Some(namespace)) => {
            label("namespace", namespace)?;
            name("name", &key.name)
        }
        (
            Kind::Service | Kind::AuthorizationPolicy | Kind::Telemetry | Kind::TelemetryAlpha,
            None,
        )
        | (_, Some(_)) => Err(format!(
            "{} in a namespace of its own, or in none",
            key.kind.name()
        )),
        (Kind::Namespace, None) => label("name", &key.name),
        (_, None) => name("name", &key.name),
    }
}

/// A DNS-1123 label, as tags, revisions, namespaces and Services are named.
fn label(field: &str, text: &str) -> Result<(), String> {
    is_label(text).then_some(()).ok_or_else(|| no_name(field))
}

/// A DNS-1123 subdomain: labels with dots between.
fn name(field: &str, text: &str) -> Result<(), String> {
    let good = text.len() <= 253 && text.split('.').all(is_label);
    good.then_some(()).ok_or_else(|| no_name(field))
}

fn is_label(text: &str) -> bool {
    let inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    (1..=63).contains(&text.len())
        && text.bytes().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn no_name(field: &str) -> String {
    format!("its {field} is no name that Kubernetes takes")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::Files, *};

    type Edit = fn(&mut Record);

    fn record() -> Record {
        serde_json::from_value(json!({
            "apiVersion": "kubectl-mesh/v1alpha1", "kind": "Operation",
            "id": "20261121-061502-promote-stable-4f2a", "action": "promote",
            "tag": "stable", "from": "1-26-1", "to": "1-28-1",
            "clusterUid": "0", "istioNamespace": "istio-system", "user": "jane", "version": "0",
            "started": "2026-11-21T06:15:02Z", "childDeadline": "2026-11-21T06:16:02Z", "state": "done",
            "images": [
                { "kind": "Service", "namespace": "istio-system", "name": "istiod-revision-tag-stable",
                  "before": null, "planned": null, "after": null },
                { "kind": "MutatingWebhookConfiguration", "name": "istio.tag.stable",
                  "before": null, "planned": null, "after": null },
            ],
        }))
        .unwrap()
    }

    #[test]
    fn a_planted_record_whose_names_are_commands_is_no_record() {
        assert_eq!(check(&record()), Ok(()));
        let edits: [(&str, Edit); 10] = [
            ("tag", |r| r.tag = Some("stable; rm -rf ~".into())),
            ("tag", |r| r.tag = Some("--all".into())),
            ("tag", |r| r.tag = Some(String::new())),
            ("from", |r| r.from = Some("$(id)".into())),
            ("to", |r| r.to = Some("1-28-1\n".into())),
            ("id", |r| r.id = "x' y".into()),
            ("undoes", |r| r.undoes = Some("a/../b".into())),
            ("istioNamespace", |r| r.istio_namespace = "a/b".into()),
            ("name", |r| r.images[0].key.name = "../../secrets/x".into()),
            ("namespace", |r| {
                r.images[0].key.namespace = Some("kube-system?x=".into());
            }),
        ];
        for (field, edit) in edits {
            let mut record = record();
            edit(&mut record);
            assert_eq!(
                check(&record),
                Err(format!("its {field} is no name that Kubernetes takes"))
            );
        }
        let files = |before: &str| Files {
            host: String::new(),
            folder: "/etc".into(),
            before: before.into(),
            planned: "0".repeat(64),
            after: None,
            writes: 1,
            deletes: 0,
            backup: None,
            encrypted: false,
            secrets: Vec::new(),
        };
        let mut beside = record();
        beside.images.clear();
        for (before, good) in [("0".repeat(64), true), ("../x".into(), false)] {
            beside.files = Some(files(&before));
            assert_eq!(check(&beside).is_ok(), good, "{before}");
        }
        for (namespace, name, uid, good) in [
            ("edge", "shop.cert", "a-1", true),
            ("../edge", "shop", "a-1", false),
            ("edge", "x/../y", "a-1", false),
            ("edge", "shop", "a\"}", false),
        ] {
            let mut files = files(&"0".repeat(64));
            files.secrets.push(super::super::Withheld {
                namespace: namespace.into(),
                name: name.into(),
                written: Some(super::super::Version {
                    uid: uid.into(),
                    resource_version: "7".into(),
                }),
            });
            beside.files = Some(files);
            assert_eq!(check(&beside).is_ok(), good, "{namespace}/{name} {uid}");
        }
        let mut record = record();
        record.images[1].key.namespace = Some("shop".into());
        assert!(check(&record).is_err(), "a webhook has no namespace");
    }

    #[test]
    fn policies_are_written_by_their_own_plugin_and_by_no_other() {
        let mut own = record();
        own.tag = None;
        own.action = Action::Enforce;
        own.policies = vec!["payments/lockdown".into()];
        own.images.truncate(1);
        own.images[0].key = super::super::Key::policy("payments", "lockdown.v2");
        assert_eq!(check(&own), Ok(()));
        let edits: [(&str, Edit); 7] = [
            ("no policy", |r| r.policies.clear()),
            ("another action", |r| r.action = Action::Promote),
            ("a tag", |r| r.tag = Some("stable".into())),
            ("another kind", |r| {
                r.images[0].key = super::super::Key::service("payments", "lockdown");
            }),
            ("a path", |r| r.images[0].key.name = "../x".into()),
            ("no namespace", |r| r.images[0].key.namespace = None),
            ("a policy that is a command", |r| {
                r.policies = vec!["payments/$(id)".into()];
            }),
        ];
        for (what, edit) in edits {
            let mut record = own.clone();
            edit(&mut record);
            assert!(check(&record).is_err(), "{what}");
        }
        let mut planted = record();
        planted.images[0].key = super::super::Key::policy("payments", "lockdown");
        assert!(check(&planted).is_err(), "a tag writes no policy");
        let telemetry = super::super::Key {
            kind: Kind::Telemetry,
            ..super::super::Key::policy("payments", "lockdown-access-log")
        };
        for (action, key, good) in [
            (Action::AccessLog, &telemetry, true),
            (Action::AccessLog, &own.images[0].key, false),
            (Action::Rollback, &telemetry, true),
            (Action::Enforce, &telemetry, false),
            (Action::Convert, &telemetry, false),
        ] {
            let mut record = own.clone();
            record.action = action;
            record.images[0].key = key.clone();
            assert_eq!(check(&record).is_ok(), good, "{action:?} {key}");
        }
    }
}
