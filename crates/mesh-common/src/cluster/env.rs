//! The few environment variables a connection depends on, read once so that everything after is a pure function.

use std::{collections::BTreeMap, env, ffi::OsString, path::PathBuf};

/// Every variable this module reads, and nothing else.
const NAMES: [&str; 8] = [
    "KUBECONFIG",
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
    "KUBERNETES_SERVICE_HOST",
];

/// A snapshot of the variables that matter here, and the home directory.
#[derive(Clone, Debug, Default)]
pub(super) struct Env {
    vars: BTreeMap<&'static str, OsString>,
    home: Option<PathBuf>,
}

impl Env {
    /// The environment of this process.
    pub(super) fn process() -> Self {
        Self {
            vars: NAMES
                .into_iter()
                .filter_map(|name| Some((name, env::var_os(name)?)))
                .collect(),
            home: env::home_dir(),
        }
    }

    /// An environment for a test.
    #[cfg(test)]
    pub(super) fn of(vars: &[(&'static str, &str)], home: Option<PathBuf>) -> Self {
        Self {
            vars: vars.iter().map(|(k, v)| (*k, OsString::from(v))).collect(),
            home,
        }
    }

    /// The value as it is; empty counts as unset.
    pub(super) fn os(&self, name: &str) -> Option<&OsString> {
        self.vars.get(name).filter(|v| !v.is_empty())
    }

    /// The first of these that is set, not empty and text. Go reads the upper case spelling first
    /// (golang.org/x/net/http/httpproxy, `getEnvAny`).
    pub(super) fn any(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.os(name)?.to_str())
    }

    /// The home directory.
    pub(super) fn home(&self) -> Option<&PathBuf> {
        self.home.as_ref()
    }
}
