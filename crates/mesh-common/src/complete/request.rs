//! What was typed before the word that is being completed, and the cluster or archive that it names.

use std::{
    ffi::OsString,
    time::{Duration, Instant},
};

use clap::{Args as _, Command, FromArgMatches as _};

use super::{
    live, local,
    seen::{Part, Seen},
};
use crate::ctx::GlobalArgs;

/// One question.
pub(super) struct Request {
    words: Vec<String>,
    args: Option<GlobalArgs>,
    /// When an answer is no longer of use.
    until: Instant,
}

impl Request {
    pub(super) fn new(before: &[OsString], limit: Duration) -> Self {
        let words: Vec<String> = before
            .iter()
            .map(|w| w.to_string_lossy().into_owned())
            .collect();
        Self {
            args: global(&words),
            words,
            until: Instant::now() + limit,
        }
    }

    /// The words before.
    pub(super) fn words(&self) -> &[String] {
        &self.words
    }

    /// The flags of the suite among them; none where one of them makes no sense.
    pub(super) fn args(&self) -> Option<&GlobalArgs> {
        self.args.as_ref()
    }

    /// Whether the verb is about what was done, not only about what is there.
    pub(super) fn looks_back(&self) -> bool {
        let verbs = ["rollback", "history"];
        self.words.iter().any(|w| verbs.contains(&w.as_str()))
    }

    /// What is there, of the parts that are asked for. Nothing where it cannot be read.
    pub(super) fn seen(&self, parts: &[Part]) -> Seen {
        let Some(args) = &self.args else {
            return Seen::default();
        };
        let left = self.until.saturating_duration_since(Instant::now());
        let seen = match &args.source.from {
            Some(file) => local::archive(file),
            None => live::read(&args.cluster, parts, left),
        };
        seen.unwrap_or_default()
    }
}

/// The flags of the suite, wherever they stand. The line is unfinished, so it is not parsed as a whole: only these flags are
/// picked out, and the rest may be anything.
fn global(words: &[String]) -> Option<GlobalArgs> {
    let command = GlobalArgs::augment_args(Command::new("plugin").no_binary_name(true))
        .disable_help_flag(true)
        .disable_version_flag(true);
    let takes = |word: &str| -> Option<bool> {
        let found = command.get_arguments().find(|arg| {
            let long = word.strip_prefix("--").filter(|w| !w.is_empty());
            match (long, word.strip_prefix('-')) {
                (Some(long), _) => arg.get_long() == Some(long),
                (None, Some(short)) => arg.get_short().is_some_and(|s| s.to_string() == short),
                (None, None) => false,
            }
        });
        Some(found?.get_action().takes_values())
    };
    let mut picked = Vec::new();
    let mut words = words.iter().take_while(|w| *w != "--").peekable();
    while let Some(word) = words.next() {
        let (name, glued) = match word.split_once('=') {
            Some((name, _)) if name.starts_with("--") => (name, true),
            // -nshop, -n=shop
            _ if !word.starts_with("--") && word.chars().count() > 2 => {
                (word.get(..2).unwrap_or_default(), true)
            }
            _ => (word.as_str(), false),
        };
        match takes(name) {
            Some(true) if glued => picked.push(word.clone()),
            Some(true) => {
                if let Some(value) = words.next() {
                    picked.extend([word.clone(), value.clone()]);
                }
            }
            // A switch says nothing about where to look.
            Some(false) | None => {}
        }
    }
    let matches = command.try_get_matches_from(picked).ok()?;
    GlobalArgs::from_arg_matches(&matches).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Option<GlobalArgs> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        global(&words)
    }

    #[test]
    fn the_cluster_is_the_one_that_the_flags_already_typed_choose() {
        let args = of("--context a promote stable -i mesh --to 1-28 --as=jo --as-group x --bogus -nshop -v --kubeconfig k").unwrap();
        assert_eq!(args.cluster.context.as_deref(), Some("a"));
        assert_eq!(args.cluster.istio_namespace, "mesh");
        assert_eq!(args.cluster.as_user.as_deref(), Some("jo"));
        assert_eq!(args.cluster.as_group, ["x"]);
        assert_eq!(args.cluster.namespace.as_deref(), Some("shop"));
        assert_eq!(args.cluster.kubeconfig.as_deref(), Some("k".as_ref()));
        let args = of("list --from=examples/a.tar.zst").unwrap();
        assert_eq!(
            args.source.from.as_deref(),
            Some("examples/a.tar.zst".as_ref())
        );
    }

    #[test]
    fn what_stands_after_two_dashes_or_has_no_value_yet_is_no_flag() {
        let args = of("move -- --context b").unwrap();
        assert_eq!(args.cluster.context, None);
        assert_eq!(of("promote --context").unwrap().cluster.context, None);
    }

    #[test]
    fn a_flag_that_makes_no_sense_is_no_reason_to_guess() {
        assert!(of("promote --request-timeout soon").is_none());
        assert!(of("--context a --context b list").is_none());
    }
}
