//! What the API server, or something in front of it, answered instead of yes.

use kube::core::Status;

use super::super::{connection::Connection, kubeconfig::named};
use crate::{output::clean, shell::word};

/// What a message may take of a line.
const SAID: usize = 300;

/// The line and the hints for an answer of 400 and above.
pub(super) fn words(status: &Status, c: &Connection) -> (String, Vec<String>) {
    let kubectl = c.kubectl();
    let said = clean(&status.message, SAID);
    let server = &c.server;
    if let Some(page) = web_page(status) {
        return page_words(status.code, &page, c);
    }
    match status.code {
        400 if said.contains("HTTP request to an HTTPS server") => (
            format!("{server} wants https, and the kubeconfig says http"),
            vec![format!(
                "check the server of cluster {}: {kubectl} config view --minify",
                named(&c.cluster)
            )],
        ),
        401 => unauthorized(c),
        403 => forbidden(status, &said, c),
        404 if status.details.is_none() && said.starts_with("404 page not found") => (
            "the API server does not serve this kind of object (404)".to_owned(),
            vec![format!("{kubectl} api-resources")],
        ),
        404 => (or(&said, "not found"), Vec::new()),
        409 if status.reason == "AlreadyExists" => (or(&said, "it exists already"), Vec::new()),
        409 => (
            format!(
                "somebody else changed it at the same time (409): {}",
                or(&said, "conflict")
            ),
            vec!["run the command again: it reads afresh".to_owned()],
        ),
        410 => (
            "the API server no longer has the list that was being read (410 Gone)".to_owned(),
            vec!["run the command again".to_owned()],
        ),
        429 => (
            format!(
                "the API server is overloaded and turned the request away (429){}",
                later(status)
            ),
            vec![
                "wait, or run it when the cluster is less busy".to_owned(),
                format!(
                    "{kubectl} get --raw /debug/api_priority_and_fairness/dump_priority_levels"
                ),
            ],
        ),
        503 => (
            format!(
                "{server} is not ready (503){}{}",
                later(status),
                also(&said)
            ),
            vec![format!("{kubectl} get --raw '/readyz?verbose'")],
        ),
        504 => (
            format!("the API server gave up on the request (504){}", also(&said)),
            vec![format!("{kubectl} get --raw '/readyz?verbose'")],
        ),
        500 if said.contains("failed calling webhook") => (
            format!("an admission webhook could not be called (500): {said}"),
            vec![format!(
                "{kubectl} get mutatingwebhookconfigurations,validatingwebhookconfigurations"
            )],
        ),
        code @ 500..=599 => (
            format!("{server} failed ({code}){}", also(&said)),
            vec![format!("{kubectl} get --raw '/readyz?verbose'")],
        ),
        code => (
            format!("the API server refused the request ({code}){}", also(&said)),
            Vec::new(),
        ),
    }
}

fn unauthorized(c: &Connection) -> (String, Vec<String>) {
    let mut hints = Vec::new();
    if let Some(plugin) = &c.plugin {
        hints.push(format!(
            "log in again with the tool behind its credential plugin, {}",
            plugin.name()
        ));
    } else if c.user.is_none() {
        hints.push(
            "the context names no user: pass --user NAME, or set one in the context".to_owned(),
        );
    } else {
        hints.push("its token or certificate may have expired: log in again".to_owned());
    }
    hints.push(format!("{} auth whoami", c.kubectl()));
    (
        format!(
            "{} does not accept the credentials of {} (401)",
            c.server,
            c.who()
        ),
        hints,
    )
}

/// What Kubernetes' RBAC says, taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Denial {
    user: String,
    verb: String,
    /// `resource`, `resource.group`, or a path.
    what: String,
    subresource: Option<String>,
    /// None for the cluster scope.
    namespace: Option<String>,
}

/// k8s.io/apiserver `pkg/endpoints/handlers/responsewriters/errors.go`, `forbiddenMessage`: `User "u" cannot VERB resource
/// "r[/sub]" in API group "g" in the namespace "n"` (or `at the cluster scope`), or `User "u" cannot VERB path "/p"`.
fn denial(message: &str) -> Option<Denial> {
    let (_, rest) = message.split_once("User \"")?;
    let (user, rest) = rest.split_once("\" cannot ")?;
    let (verb, rest) = rest.split_once(' ')?;
    if let Some(rest) = rest.strip_prefix("path \"") {
        let (path, _) = rest.split_once('"')?;
        return Some(Denial {
            user: user.to_owned(),
            verb: verb.to_owned(),
            what: path.to_owned(),
            subresource: None,
            namespace: None,
        });
    }
    let (resource, rest) = rest.strip_prefix("resource \"")?.split_once('"')?;
    let (group, rest) = rest.strip_prefix(" in API group \"")?.split_once('"')?;
    let namespace = rest
        .strip_prefix(" in the namespace \"")
        .and_then(|r| r.split_once('"'))
        .map(|(name, _)| name.to_owned());
    let (resource, subresource) = match resource.split_once('/') {
        Some((resource, sub)) => (resource, Some(sub.to_owned())),
        None => (resource, None),
    };
    let what = if group.is_empty() {
        resource.to_owned()
    } else {
        format!("{resource}.{group}")
    };
    Some(Denial {
        user: user.to_owned(),
        verb: verb.to_owned(),
        what,
        subresource,
        namespace,
    })
}

fn forbidden(status: &Status, said: &str, c: &Connection) -> (String, Vec<String>) {
    // Bounded before it is taken apart, and each part cleaned after.
    let Some(denial) = denial(&clean(&status.message, 2000)) else {
        // An admission webhook or a quota says no with the same code, and more rights would not help.
        return (
            format!("the API server refuses it (403){}", also(said)),
            Vec::new(),
        );
    };
    let part = |text: &str| clean(text, 120);
    let verb = part(&denial.verb);
    let what = part(&denial.what);
    let sub = denial.subresource.as_deref().map(part);
    let full = sub.as_ref().map_or(what.clone(), |s| format!("{what}/{s}"));
    let place = match &denial.namespace {
        Some(namespace) => format!("in namespace {}", named(namespace)),
        None if what.starts_with('/') => String::new(),
        None => "in the whole cluster".to_owned(),
    };
    let line = format!(
        "{} has no right to {verb} {full} {place}",
        named(&denial.user)
    );
    let mut ask = format!("{} auth can-i {} {}", c.kubectl(), word(&verb), word(&what));
    if let Some(sub) = &sub {
        ask.extend([" --subresource=", &word(sub)]);
    }
    match &denial.namespace {
        Some(namespace) => ask.extend([" --namespace ", &word(&part(namespace))]),
        None if what.starts_with('/') => {}
        None => ask.push_str(" --all-namespaces"),
    }
    let line = format!("{} (403)", line.trim_end());
    (
        line,
        vec![
            ask,
            "ask whoever administers the cluster for that right".to_owned(),
        ],
    )
}

/// A page made for a browser: kube hands over whatever is not a `Status` as its message, under this reason.
fn web_page(status: &Status) -> Option<String> {
    let text = status.message.trim_start();
    let head: String = text
        .chars()
        .take(200)
        .collect::<String>()
        .to_ascii_lowercase();
    if status.reason != "Failed to parse error data"
        || !(head.starts_with("<!doctype") || head.contains("<html"))
    {
        return None;
    }
    let title = text
        .char_indices()
        .find(|(at, _)| {
            text.get(*at..*at + 7)
                .is_some_and(|t| t.eq_ignore_ascii_case("<title>"))
        })
        .and_then(|(at, _)| text.get(at + 7..)?.split('<').next())
        .map(|t| clean(t, 80))
        .unwrap_or_default();
    Some(title)
}

fn page_words(code: u16, title: &str, c: &Connection) -> (String, Vec<String>) {
    let titled = if title.is_empty() {
        String::new()
    } else {
        format!(" (\"{title}\")")
    };
    let hint = if code >= 500 {
        "a load balancer or proxy answers, and the API server behind it does not"
    } else {
        "a login page, a captive portal or a proxy may be in between: log in there, or set NO_PROXY"
    };
    (
        format!(
            "{} answered {code} with a web page{titled} instead of a Kubernetes answer",
            c.server
        ),
        vec![
            hint.to_owned(),
            format!("{} get --raw /readyz", c.kubectl()),
        ],
    )
}

/// When the server wants to be asked again.
fn later(status: &Status) -> String {
    status
        .details
        .as_ref()
        .map(|d| d.retry_after_seconds)
        .filter(|s| *s > 0)
        .map(|s| format!(": it asks to wait {s}s"))
        .unwrap_or_default()
}

fn also(said: &str) -> String {
    if said.is_empty() {
        String::new()
    } else {
        format!(": {said}")
    }
}

fn or(said: &str, else_said: &str) -> String {
    if said.is_empty() {
        else_said.to_owned()
    } else {
        said.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denial_is_taken_apart() {
        let rows = [
            (
                r#"pods is forbidden: User "jane" cannot list resource "pods" in API group "" at the cluster scope"#,
                Some(("jane", "list", "pods", None, None)),
            ),
            (
                r#"deployments.apps "x" is forbidden: User "system:serviceaccount:a:b" cannot patch resource "deployments" in API group "apps" in the namespace "demo": no"#,
                Some((
                    "system:serviceaccount:a:b",
                    "patch",
                    "deployments.apps",
                    None,
                    Some("demo"),
                )),
            ),
            (
                r#"pods "p" is forbidden: User "jane" cannot create resource "pods/portforward" in API group "" in the namespace "n""#,
                Some(("jane", "create", "pods", Some("portforward"), Some("n"))),
            ),
            (
                r#"forbidden: User "system:anonymous" cannot get path "/version""#,
                Some(("system:anonymous", "get", "/version", None, None)),
            ),
            (r#"admission webhook "x.y" denied the request: no"#, None),
            (r#"User "jane" cannot "#, None),
            ("", None),
        ];
        for (message, expected) in rows {
            let got = denial(message);
            let got = got.as_ref().map(|d| {
                (
                    d.user.as_str(),
                    d.verb.as_str(),
                    d.what.as_str(),
                    d.subresource.as_deref(),
                    d.namespace.as_deref(),
                )
            });
            assert_eq!(got, expected, "{message}");
        }
    }
}
