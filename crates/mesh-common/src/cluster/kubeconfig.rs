//! Reading the kubeconfig: which files, how they merge, and which entries a command means.
//!
//! kube 5 reads and merges one file well; this module adds what kubectl does beyond it: a missing file in a
//! `KUBECONFIG` list is passed over, and an empty string counts as not set.

use std::{
    io,
    path::{Path, PathBuf, absolute},
};

use kube::config::{AuthInfo, Cluster, Kubeconfig, KubeconfigError};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::env::Env;
use crate::{
    error::{Error, Result},
    output::clean,
    shell::word,
};

/// Names listed in an error before "and N more".
const LISTED: usize = 12;

/// A kubeconfig as merged, and the files it came from.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) config: Kubeconfig,
    pub(super) files: Vec<PathBuf>,
}

impl Loaded {
    /// The files, for a message.
    pub(super) fn whence(&self) -> String {
        let names: Vec<_> = self.files.iter().map(|f| shown(f)).collect();
        names.join(", ")
    }
}

/// Finds and merges the kubeconfig: `--kubeconfig` alone, else the `KUBECONFIG` list, else `~/.kube/config`.
///
/// client-go `tools/clientcmd/loader.go`: files of the list that do not exist are passed over, the first file to set a
/// value wins, and a file named by flag must exist.
pub(super) fn load(flag: Option<&Path>, env: &Env) -> Result<Loaded> {
    if let Some(path) = flag.filter(|p| !p.as_os_str().is_empty()) {
        let config = read(path)?.ok_or_else(|| {
            Error::user(format!("kubeconfig {} does not exist", shown(path)))
                .hint("name a file that exists with --kubeconfig, or leave the flag out to use $KUBECONFIG or ~/.kube/config")
        })?;
        return Ok(Loaded {
            config,
            files: vec![path.to_owned()],
        });
    }

    let listed: Vec<PathBuf> = env
        .os("KUBECONFIG")
        .map(|list| {
            std::env::split_paths(list)
                .filter(|p| !p.as_os_str().is_empty())
                .collect()
        })
        .unwrap_or_default();
    let (files, from_list) = if listed.is_empty() {
        let home = env.home().ok_or_else(|| {
            Error::user("no kubeconfig found: KUBECONFIG is not set and there is no home directory")
                .hint("name the kubeconfig with --kubeconfig FILE")
        })?;
        (vec![home.join(".kube").join("config")], false)
    } else {
        (listed, true)
    };

    let mut merged: Option<Kubeconfig> = None;
    let mut read_files = Vec::new();
    for path in &files {
        let Some(next) = read(path)? else { continue };
        read_files.push(path.clone());
        merged = Some(match merged {
            None => next,
            Some(first) => first.merge(next).map_err(|e| explain(path, &e))?,
        });
    }
    match merged {
        Some(config) => Ok(Loaded {
            config,
            files: read_files,
        }),
        None => Err(nothing_found(&files, from_list, env)),
    }
}

/// No file at all. Inside a pod this is where other clients turn to its service account without a word; we say so instead.
fn nothing_found(files: &[PathBuf], from_list: bool, env: &Env) -> Error {
    let names = files
        .iter()
        .map(|f| shown(f))
        .collect::<Vec<_>>()
        .join(", ");
    let error = if from_list {
        Error::user(format!(
            "no kubeconfig found: none of the files in KUBECONFIG exists: {}",
            clean(&names, 300)
        ))
        .hint("correct KUBECONFIG, or name the file with --kubeconfig FILE")
    } else {
        Error::user(format!(
            "no kubeconfig found: KUBECONFIG is not set and {names} does not exist"
        ))
        .hint("set KUBECONFIG, or name the file with --kubeconfig FILE")
    };
    if env.os("KUBERNETES_SERVICE_HOST").is_some() {
        error.hint(
            "this is a pod, and its service account is never used unasked: \
             write a kubeconfig for it (kubectl config set-cluster, set-credentials --token, set-context) and name it",
        )
    } else {
        error
    }
}

/// One file, with its relative paths made absolute and empty strings taken as not set. None when it does not exist.
fn read(path: &Path) -> Result<Option<Kubeconfig>> {
    // An absolute path first: kube resolves what the file names against the path that it was given.
    let full = absolute(path).unwrap_or_else(|_| path.to_owned());
    match Kubeconfig::read_from(&full) {
        Ok(config) => {
            // kube joins an empty path to the directory, like any other.
            let nowhere = full.parent().map(|dir| dir.join("").display().to_string());
            Ok(Some(without_empties(config, &nowhere.unwrap_or_default())))
        }
        Err(KubeconfigError::ReadConfig(e, _)) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(explain(path, &e)),
    }
}

/// What went wrong with a file, without quoting it: the line at fault may hold a token.
fn explain(path: &Path, error: &KubeconfigError) -> Error {
    let file = shown(path);
    match error {
        KubeconfigError::ReadConfig(e, _) => Error::user(format!(
            "cannot read kubeconfig {file}: {}",
            clean(&e.to_string(), 120)
        )),
        KubeconfigError::Parse(e) => {
            let place = e
                .location()
                .map(|l| format!(" at line {}, column {}", l.line(), l.column()))
                .unwrap_or_default();
            Error::user(format!(
                "kubeconfig {file} is not a valid kubeconfig{place}"
            ))
            .hint(format!("kubectl config view --kubeconfig {}", word(&file)))
        }
        KubeconfigError::KindMismatch | KubeconfigError::ApiVersionMismatch => Error::user(
            format!("kubeconfig {file} has another kind or apiVersion than the files before it"),
        ),
        _ => Error::user(format!("cannot use kubeconfig {file}")),
    }
}

/// The entries one command means.
#[derive(Clone)]
pub(super) struct Selected {
    pub(super) context: Option<String>,
    pub(super) cluster_name: String,
    pub(super) cluster: Cluster,
    pub(super) user_name: Option<String>,
    pub(super) user: AuthInfo,
    pub(super) namespace: Option<String>,
}

/// Picks context, cluster and user as kubectl does: flags first, then the context. A name that is not there is an error.
///
/// A context may name no user at all (client-go allows it, for `kubectl proxy`), but not one that is missing: kubectl asks
/// for a password then, we cannot.
pub(super) fn select(
    loaded: &Loaded,
    context: Option<&str>,
    cluster: Option<&str>,
    user: Option<&str>,
) -> Result<Selected> {
    let config = &loaded.config;
    let given = |flag: Option<&str>| flag.filter(|f| !f.is_empty()).map(str::to_owned);
    let context_name = given(context).or_else(|| config.current_context.clone());
    let contexts = || listing(config.contexts.iter().map(|c| c.name.as_str()));

    let found = match &context_name {
        None => None,
        Some(name) => {
            let entry = config
                .contexts
                .iter()
                .find(|c| &c.name == name)
                .and_then(|c| c.context.clone())
                .ok_or_else(|| {
                    let which = if given(context).is_some() {
                        "context"
                    } else {
                        "current context"
                    };
                    Error::user(format!(
                        "{which} {} is not in the kubeconfig ({}); it has {}",
                        named(name),
                        loaded.whence(),
                        contexts()
                    ))
                    .hint("kubectl config get-contexts")
                })?;
            Some(entry)
        }
    };

    let cluster_name = given(cluster)
        .or_else(|| {
            found
                .as_ref()
                .map(|c| c.cluster.clone())
                .filter(|c| !c.is_empty())
        })
        .ok_or_else(|| {
            if let Some(name) = &context_name {
                Error::user(format!("context {} names no cluster", named(name)))
            } else {
                Error::user(format!(
                    "no context chosen: the kubeconfig ({}) has no current-context; it has {}",
                    loaded.whence(),
                    contexts()
                ))
                .hint("kubectl config use-context NAME, or pass --context NAME")
            }
        })?;
    let from_context = |flag: Option<&str>| match (&context_name, given(flag)) {
        (Some(context), None) => format!(", named by context {},", named(context)),
        _ => String::new(),
    };
    let cluster_entry = config
        .clusters
        .iter()
        .find(|c| c.name == cluster_name)
        .and_then(|c| c.cluster.clone())
        .ok_or_else(|| {
            Error::user(format!(
                "cluster {}{} is not in the kubeconfig ({}); it has {}",
                named(&cluster_name),
                from_context(cluster),
                loaded.whence(),
                listing(config.clusters.iter().map(|c| c.name.as_str()))
            ))
            .hint("kubectl config get-clusters")
        })?;

    let user_name = given(user).or_else(|| found.as_ref().and_then(|c| c.user.clone()));
    let user_entry = match &user_name {
        None => AuthInfo::default(),
        Some(name) => config
            .auth_infos
            .iter()
            .find(|u| &u.name == name)
            .map(|u| u.auth_info.clone().unwrap_or_default())
            .ok_or_else(|| {
                Error::user(format!(
                    "user {}{} is not in the kubeconfig ({}); it has {}",
                    named(name),
                    from_context(user),
                    loaded.whence(),
                    listing(config.auth_infos.iter().map(|u| u.name.as_str()))
                ))
                .hint("kubectl config get-users")
            })?,
    };

    Ok(Selected {
        context: context_name,
        cluster_name,
        cluster: cluster_entry,
        user_name,
        user: user_entry,
        namespace: found.and_then(|c| c.namespace),
    })
}

/// Names in quotes, bounded: a kubeconfig may hold hundreds, and they come from whoever wrote the file.
fn listing<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let total = names.len();
    if total == 0 {
        return "none".to_owned();
    }
    let mut text = names.take(LISTED).map(named).collect::<Vec<_>>().join(", ");
    if total > LISTED {
        text = format!("{text} and {} more", total - LISTED);
    }
    text
}

/// A name in quotes, safe to print.
pub(super) fn named(name: &str) -> String {
    format!("\"{}\"", clean(name, 120))
}

fn shown(path: &Path) -> String {
    clean(&path.display().to_string(), 200)
}

/// kubectl takes an empty string for "not set" everywhere; kube 5 takes `current-context: ""` for a choice and
/// `certificate-authority-data: ""` for an empty trust store.
fn without_empties(mut config: Kubeconfig, nowhere: &str) -> Kubeconfig {
    config.current_context = config.current_context.filter(|c| !c.is_empty());
    for context in config
        .contexts
        .iter_mut()
        .filter_map(|c| c.context.as_mut())
    {
        context.user = context.user.take().filter(|u| !u.is_empty());
        context.namespace = context.namespace.take().filter(|n| !n.is_empty());
    }
    for cluster in &mut config.clusters {
        cluster.cluster = cluster
            .cluster
            .take()
            .map(|c| without_empty_fields(c, nowhere));
    }
    for user in &mut config.auth_infos {
        user.auth_info = user
            .auth_info
            .take()
            .map(|u| without_empty_fields(u, nowhere));
    }
    config
}

/// The same entry without those of its fields that are an empty string, or an empty path made absolute. By way of JSON, because the secrets among them
/// have a type of their own.
fn without_empty_fields<T: Serialize + DeserializeOwned>(entry: T, nowhere: &str) -> T {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(&entry) else {
        return entry;
    };
    let before = fields.len();
    fields.retain(|_, value| value.as_str().is_none_or(|v| !v.is_empty() && v != nowhere));
    if fields.len() == before {
        return entry;
    }
    serde_json::from_value(Value::Object(fields)).unwrap_or(entry)
}

#[cfg(test)]
mod tests;
