//! What stands between an object now and what an operation made of it: pure.

use serde_json::Value;

use super::{
    key::Key,
    managers::Step,
    object::{comparable, differing},
};

/// Paths that are named where many differ.
const NAMED: usize = 4;

/// How an object stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// As it was before.
    AsBefore,
    /// As the operation left it, or meant to.
    AsPlanned,
    /// Somebody else changed it since; where.
    Foreign(Vec<String>),
}

/// Where what is there is not what was planned. What the API server fills in where the plan says nothing is its own:
/// defaults, and addresses that were left to it. What was there before and was to go is none of that.
pub(crate) fn unlike(
    key: &Key,
    planned: &Value,
    before: Option<&Value>,
    now: &Value,
) -> Vec<String> {
    let (want, have) = (comparable(key, planned), comparable(key, now));
    let before = before.map(|b| comparable(key, b));
    differing(&want, &have)
        .into_iter()
        .filter(|(path, steps)| {
            let silent = path.starts_with("spec") && at(&want, steps).is_none();
            let stayed = || before.as_ref().and_then(|b| at(b, steps)) == at(&have, steps);
            !silent || stayed()
        })
        .map(|(path, _)| path)
        .collect()
}

/// What is at a place.
fn at<'a>(object: &'a Value, steps: &[Step<'_>]) -> Option<&'a Value> {
    steps.iter().try_fold(object, |at, step| match step {
        Step::Field(name) => at.get(*name),
        Step::Item(_, n) => at.get(*n),
    })
}

fn same(key: &Key, a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => comparable(key, a) == comparable(key, b),
        _ => false,
    }
}

/// Compares an object three ways. `after` is how it was read back, where the operation came that far.
pub(crate) fn standing(
    key: &Key,
    before: Option<&Value>,
    planned: Option<&Value>,
    after: Option<&Value>,
    now: Option<&Value>,
) -> Standing {
    if same(key, before, now) {
        return Standing::AsBefore;
    }
    let left = after.or(planned);
    let ours = match (after, planned, now) {
        (Some(after), _, Some(now)) => same(key, Some(after), Some(now)),
        (None, Some(planned), Some(now)) => unlike(key, planned, before, now).is_empty(),
        (_, None, None) => true,
        _ => false,
    };
    if ours {
        return Standing::AsPlanned;
    }
    let mut places = match (left, now) {
        (Some(left), Some(now)) => {
            let (left, now) = (comparable(key, left), comparable(key, now));
            differing(&left, &now)
                .into_iter()
                .map(|(path, _)| path)
                .collect()
        }
        (Some(_), None) => vec!["it was deleted".to_owned()],
        (None, _) => vec!["it was made again".to_owned()],
    };
    places.truncate(NAMED);
    Standing::Foreign(places)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    type Side<'a> = Option<&'a Value>;

    #[test]
    #[allow(clippy::too_many_lines, reason = "a table")]
    fn three_ways() {
        let key = Key::new(
            "security.istio.io",
            "AuthorizationPolicy",
            Some("shop"),
            "deny",
        );
        let policy = |action: &str, version: &str| {
            json!({ "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
                "metadata": { "name": "deny", "namespace": "shop", "resourceVersion": version,
                    "ownerReferences": [{ "kind": "X", "name": "y", "uid": version }] },
                "spec": { "action": action, "rules": [{ "to": [] }] }, "status": { "v": version } })
        };
        let (before, planned, foreign) = (
            policy("DENY", "1"),
            policy("ALLOW", "2"),
            policy("AUDIT", "9"),
        );
        let now = |o: &Value| {
            let mut o = o.clone();
            o["metadata"]["resourceVersion"] = "7".into();
            o["metadata"]["ownerReferences"][0]["uid"] = "7".into();
            o
        };
        let mut defaulted = now(&planned);
        defaulted["spec"]["newDefault"] = true.into();
        let (b, p, f) = (now(&before), now(&planned), now(&foreign));
        let mut fuller = planned.clone();
        fuller["spec"]["goes"] = true.into();
        assert_eq!(
            unlike(&key, &planned, Some(&fuller), &now(&fuller)),
            ["spec.goes"],
            "what was to go stayed"
        );
        assert!(
            unlike(&key, &planned, Some(&before), &now(&fuller)).is_empty(),
            "a default"
        );
        let (as_before, as_planned) = (Standing::AsBefore, Standing::AsPlanned);
        let at = |path: &str| Standing::Foreign(vec![path.to_owned()]);
        let table: [(&str, Side<'_>, Side<'_>, Side<'_>, Side<'_>, Standing); 11] = [
            (
                "untouched",
                Some(&before),
                Some(&planned),
                None,
                Some(&b),
                as_before.clone(),
            ),
            (
                "written",
                Some(&before),
                Some(&planned),
                None,
                Some(&p),
                as_planned.clone(),
            ),
            (
                "written, with a default",
                Some(&before),
                Some(&planned),
                None,
                Some(&defaulted),
                as_planned.clone(),
            ),
            (
                "read back without it",
                Some(&before),
                Some(&planned),
                Some(&planned),
                Some(&defaulted),
                at("spec.newDefault"),
            ),
            (
                "somebody else",
                Some(&before),
                Some(&planned),
                None,
                Some(&f),
                at("spec.action"),
            ),
            (
                "somebody deleted it",
                Some(&before),
                Some(&planned),
                None,
                None,
                at("it was deleted"),
            ),
            (
                "not made yet",
                None,
                Some(&planned),
                None,
                None,
                as_before.clone(),
            ),
            (
                "made",
                None,
                Some(&planned),
                None,
                Some(&p),
                as_planned.clone(),
            ),
            (
                "made by somebody else",
                None,
                Some(&planned),
                None,
                Some(&f),
                at("spec.action"),
            ),
            ("deleted", Some(&before), None, None, None, as_planned),
            (
                "deleted, and made again",
                Some(&before),
                None,
                None,
                Some(&f),
                at("it was made again"),
            ),
        ];
        for (name, before, planned, after, now, want) in table {
            assert_eq!(standing(&key, before, planned, after, now), want, "{name}");
        }
    }
}
