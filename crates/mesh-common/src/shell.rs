//! Commands for a person to paste.
//!
//! Names come from a cluster, a record or an archive that anybody may have written: what is pasted must
//! be the command that was meant, and nothing else.

use crate::output::clean;

/// Longest word. A path may have 4,096 bytes.
const WORD_MAX: usize = 4_200;

/// A word of a command line, quoted where a POSIX shell would take it for more than a word, or the
/// command for an option. Characters that a terminal obeys are dropped.
pub fn word(text: &str) -> String {
    let text = clean(text, WORD_MAX);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(is_plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A command line: each `{}` of the template is replaced by a [`word`].
///
/// A template that has more places than there are words keeps `NAME` there.
pub fn command(template: &str, words: &[&str]) -> String {
    let mut words = words.iter();
    let mut parts = template.split("{}");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match words.next() {
            Some(text) => out.push_str(&word(text)),
            None => out.push_str("NAME"),
        }
        out.push_str(part);
    }
    out
}

/// Words with blanks between, such as the namespaces of a move.
pub fn words<T: AsRef<str>>(all: impl IntoIterator<Item = T>) -> String {
    let all: Vec<String> = all.into_iter().map(|w| word(w.as_ref())).collect();
    all.join(" ")
}

/// True when a line is a command to paste rather than a sentence.
pub fn is_command(line: &str) -> bool {
    const TOOLS: [&str; 9] = [
        "kubectl", "istioctl", "helm", "argocd", "flux", "git", "export", "curl", "gcloud",
    ];
    line.split_once(' ')
        .is_some_and(|(tool, _)| TOOLS.contains(&tool))
        && !line.ends_with('.')
}

/// The flags that reach the cluster a command was typed for, to be put into the commands it prints.
///
/// Without them a line that is pasted an hour later, in another shell, goes to another cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// ` --context prod`: what kubectl takes too.
    kubectl: String,
    /// ` -i istio-mesh`: what only plugins of the suite take.
    plugin: String,
}

impl Reach {
    /// Of these flags, as they were typed: name and value.
    pub fn new<'a>(
        kubectl: impl IntoIterator<Item = (&'a str, &'a str)>,
        plugin: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        Self {
            kubectl: flags(kubectl),
            plugin: flags(plugin),
        }
    }

    /// The command with these flags in it. kubectl takes flags before its verb, but none before the name of
    /// a plugin.
    pub fn apply(&self, line: &str) -> String {
        let Some(rest) = line.strip_prefix("kubectl ") else {
            return line.to_owned();
        };
        if rest.starts_with("mesh-") {
            return format!("{line}{}{}", self.kubectl, self.plugin);
        }
        // It says already where it goes; and the kubeconfig is read, not the cluster.
        if rest.starts_with("--") || rest.starts_with("config ") {
            return line.to_owned();
        }
        format!("kubectl{} {rest}", self.kubectl)
    }
}

fn flags<'a>(all: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for (name, value) in all.into_iter().filter(|(_, value)| !value.is_empty()) {
        let _ = write!(out, " {name} {}", word(value));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        for (text, want) in [
            ("stable", "stable"),
            ("arn:aws:eks:eu/x", "arn:aws:eks:eu/x"),
            (
                "app=istiod,istio.io/rev=1-26-1",
                "app=istiod,istio.io/rev=1-26-1",
            ),
            ("", "''"),
            ("-A", "'-A'"),
            ("a b", "'a b'"),
            ("x; id", "'x; id'"),
            ("$(id)'", r"'$(id)'\'''"),
            ("it's", r"'it'\''s'"),
            ("~root", "'~root'"),
        ] {
            assert_eq!(word(text), want);
        }
        assert_eq!(words(["a", "b c"]), "a 'b c'");
    }

    #[test]
    fn a_command_is_one_line_whatever_a_name_holds() {
        let logs = |name| {
            command(
                "kubectl logs -n {} {} -c discovery",
                &["istio-system", name],
            )
        };
        let with = |name: &str| format!("kubectl logs -n istio-system {name} -c discovery");
        assert_eq!(logs("istiod-1"), with("istiod-1"));
        assert_eq!(logs("x; id"), with("'x; id'"));
        assert!(!logs("a\nid").contains('\n'));
        assert!(!logs("a\u{1b}[2K").contains('\u{1b}'));
        assert_eq!(command("kubectl get {}", &[]), "kubectl get NAME");
    }

    #[test]
    fn hints_name_the_context_that_was_typed() {
        let reach = Reach::new(
            [("--context", "prod eu"), ("--as", "")],
            [("-i", "istio-mesh")],
        );
        for (line, want) in [
            (
                "kubectl mesh-tag rollback stable",
                "kubectl mesh-tag rollback stable --context 'prod eu' -i istio-mesh",
            ),
            (
                "kubectl exec x -- pilot-discovery version",
                "kubectl --context 'prod eu' exec x -- pilot-discovery version",
            ),
            (
                "kubectl --context prod auth whoami",
                "kubectl --context prod auth whoami",
            ),
            ("kubectl config get-contexts", "kubectl config get-contexts"),
            ("helm get values x", "helm get values x"),
        ] {
            assert_eq!(reach.apply(line), want);
        }
        let none = Reach::default();
        assert_eq!(none.apply("kubectl mesh-tag list"), "kubectl mesh-tag list");
    }

    #[test]
    fn a_sentence_about_kubectl_is_no_command() {
        assert!(is_command("kubectl get pods"));
        assert!(!is_command("kubectl auth can-i says what you may do."));
        assert!(!is_command("kubectl"));
        assert!(!is_command("ask kubectl"));
    }
}
