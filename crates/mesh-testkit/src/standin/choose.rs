//! Which recording a mutation is: istioctl's own checks in its order (`istioctl/pkg/tag/{tag,generate}.go`), on plain data.

use super::argv::Verb;
use super::live::Live;
use super::recording::{Case, Exit};

/// A recording to replay, and what it does to the cluster.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decision {
    /// Whose words and exit code.
    pub(super) case: String,
    pub(super) changes: Changes,
}

/// What a recording does to the cluster.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Changes {
    Nothing,
    /// Applies the objects of this case's `after.yaml`.
    Apply {
        template: String,
    },
    /// Deletes what carries the tag's label, of the kinds that this case deleted.
    Delete {
        template: String,
    },
}

impl Changes {
    /// What this very case changed.
    pub(super) fn recorded(case: &Case) -> Self {
        let template = case.name.clone();
        match (&case.before[..], &case.after[..]) {
            _ if case.exit != Exit::Code(0) => Self::Nothing,
            ([], []) => Self::Nothing,
            (_, []) => Self::Delete { template },
            _ => Self::Apply { template },
        }
    }
}

pub(super) fn choose(verb: &Verb, live: &Live, tag_services: bool) -> Decision {
    let (case, changes) = match verb {
        Verb::Set { .. } => set(verb, live, tag_services),
        Verb::Remove { tag, yes } => remove(tag, *yes, live, tag_services),
        Verb::Other => ("", Changes::Nothing),
    };
    Decision {
        case: case.to_owned(),
        changes,
    }
}

fn set(verb: &Verb, live: &Live, tag_services: bool) -> (&'static str, Changes) {
    let Verb::Set {
        tag,
        revision,
        overwrite,
        yes,
        webhook_name,
    } = verb
    else {
        return ("", Changes::Nothing);
    };
    let has_webhook = live.webhook_revisions.contains_key(revision);
    let has_service = tag_services && live.service_revisions.contains(revision);
    let is_revision = live.webhook_revisions.contains_key(tag)
        || tag_services && live.service_revisions.contains(tag);
    let current = live.tag_webhooks.iter().find(|hook| hook.tag == *tag);
    let exists = current.is_some() || tag_services && live.tag_services.contains(tag);
    let refuse = |case| (case, Changes::Nothing);
    if is_revision && !overwrite && tag != "default" {
        return refuse("tag-set-name-is-revision");
    }
    if !has_webhook && has_service {
        return refuse("tag-set-revision-service-without-webhook");
    }
    if !has_webhook {
        return refuse("tag-set-missing-revision");
    }
    if exists && !overwrite {
        return refuse("tag-set-existing-no-overwrite");
    }
    // A tag that already has a webhook of another name is what the webhook analyzer calls an overlap, but only when both
    // belong to the same revision.
    let other_hook = webhook_name.is_some()
        && current.is_some_and(|hook| Some(&hook.name) != webhook_name.as_ref());
    let same_revision = current.is_some_and(|hook| hook.revision == *revision);
    if other_hook && same_revision && !yes {
        return refuse("tag-set-conflict-no-yes");
    }
    let service = if revision == "default" {
        "istiod".to_owned()
    } else {
        format!("istiod-{revision}")
    };
    let no_service = live
        .services
        .as_ref()
        .is_some_and(|services| !services.contains(&service));
    if no_service && !yes {
        return refuse("tag-set-conflict-service-missing-no-yes");
    }
    let case = match (tag == "default", exists) {
        (true, _) if live.default_webhook.is_some() => "tag-set-default-unrevisioned-no-yes",
        (true, false) => "tag-set-default-no-unrevisioned",
        (true, true) => "tag-set-default-move",
        (false, false) => "tag-set-new",
        (false, true) => "tag-set-existing-overwrite",
    };
    // istioctl renders and applies all its objects every time, whatever is there already: the recordings show only those
    // that changed, so the objects come from a recording in which none was there.
    let template = match (tag == "default", webhook_name) {
        (true, _) => "tag-set-default-no-unrevisioned",
        (false, None) => "tag-set-new",
        (false, Some(_)) => "tag-set-new-custom-webhook-name",
    };
    (
        case,
        Changes::Apply {
            template: template.to_owned(),
        },
    )
}

fn remove(tag: &str, yes: bool, live: &Live, tag_services: bool) -> (&'static str, Changes) {
    let exists = live.tag_webhooks.iter().any(|hook| hook.tag == tag)
        || tag_services && live.tag_services.contains(tag);
    if !exists {
        ("tag-remove-missing", Changes::Nothing)
    } else if !live.namespaces.is_empty() && !yes {
        ("tag-remove-in-use-no-yes", Changes::Nothing)
    } else {
        let template = "tag-remove-not-in-use".to_owned();
        ("tag-remove-not-in-use", Changes::Delete { template })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::argv::Call;
    use super::super::live::{Live, TagWebhook};
    use super::{Changes, choose};

    fn live() -> Live {
        let mut live = Live::default();
        for revision in ["1-26-1", "1-28-1"] {
            live.webhook_revisions.insert(revision.into(), None);
            live.service_revisions.insert(revision.into());
        }
        live.service_revisions.insert("1-29-0".into());
        live.services = Some(["istiod-1-26-1", "istiod-1-28-1"].map(String::from).into());
        live.tag_webhooks.push(TagWebhook {
            name: "istio-revision-tag-stable".into(),
            tag: "stable".into(),
            revision: "1-26-1".into(),
        });
        live
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn each_situation_has_its_recording() {
        let mut unrevisioned = live();
        unrevisioned.default_webhook = Some(json!({}));
        let mut no_service = live();
        no_service.services = Some(std::collections::BTreeSet::new());
        let mut left_over = live();
        left_over.tag_webhooks.clear();
        left_over.tag_services.insert("stable".into());
        let mut used = live();
        used.namespaces = vec!["payments".into()];
        for (line, live, case, changes) in [
            (
                "tag set prod --revision 1-28-1",
                &live(),
                "tag-set-new",
                true,
            ),
            (
                "tag set stable --revision 1-28-1",
                &live(),
                "tag-set-existing-no-overwrite",
                false,
            ),
            (
                "tag set stable --revision 1-28-1 --overwrite",
                &live(),
                "tag-set-existing-overwrite",
                true,
            ),
            (
                "tag set stable --revision 1-28-1",
                &left_over,
                "tag-set-existing-no-overwrite",
                false,
            ),
            (
                "tag set prod --revision 9-9-9",
                &live(),
                "tag-set-missing-revision",
                false,
            ),
            (
                "tag set prod --revision 1-29-0",
                &live(),
                "tag-set-revision-service-without-webhook",
                false,
            ),
            (
                "tag set 1-28-1 --revision 1-26-1",
                &live(),
                "tag-set-name-is-revision",
                false,
            ),
            (
                "tag set 1-28-1 --revision 1-26-1 --overwrite",
                &live(),
                "tag-set-new",
                true,
            ),
            (
                "tag set default --revision 1-28-1",
                &live(),
                "tag-set-default-no-unrevisioned",
                true,
            ),
            (
                "tag set default --revision 1-28-1",
                &unrevisioned,
                "tag-set-default-unrevisioned-no-yes",
                true,
            ),
            (
                "tag set prod --revision 1-28-1",
                &no_service,
                "tag-set-conflict-service-missing-no-yes",
                false,
            ),
            (
                "tag set prod --revision 1-28-1 -y",
                &no_service,
                "tag-set-new",
                true,
            ),
            (
                "tag set stable --revision 1-26-1 --overwrite --webhook-name x",
                &live(),
                "tag-set-conflict-no-yes",
                false,
            ),
            (
                "tag set stable --revision 1-28-1 --overwrite --webhook-name x",
                &live(),
                "tag-set-existing-overwrite",
                true,
            ),
            ("tag remove stable", &live(), "tag-remove-not-in-use", true),
            (
                "tag remove stable",
                &used,
                "tag-remove-in-use-no-yes",
                false,
            ),
            ("tag remove stable -y", &used, "tag-remove-not-in-use", true),
            ("tag remove prod", &live(), "tag-remove-missing", false),
        ] {
            let args: Vec<String> = line.split(' ').map(str::to_owned).collect();
            let decision = choose(&Call::parse(&args).verb, live, true);
            assert_eq!(decision.case, case, "{line}");
            assert_eq!(decision.changes != Changes::Nothing, changes, "{line}");
        }
    }

    #[test]
    fn before_1_28_services_do_not_count() {
        let args = ["tag", "set", "prod", "--revision", "1-29-0"].map(String::from);
        let decision = choose(&Call::parse(&args).verb, &live(), false);
        assert_eq!(decision.case, "tag-set-missing-revision");
    }
}
