//! Credential plugins (`users[].user.exec`), run as client-go runs them (`plugin/pkg/client/auth/exec`).
//!
//! kube 5 can run them, too, but does so three times to build one client, shows the whole output of one that fails, which may
//! hold a token, and does not ask again on a 401.

use std::{
    io::IsTerminal,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use jiff::{SignedDuration, Timestamp};
use kube::config::{AuthInfo, Cluster, ExecAuthCluster, ExecConfig, ExecInteractiveMode};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;

use super::{client::Fault, kubeconfig::named};
use crate::{
    error::{Error, Result},
    output::clean,
};

mod unattended;

/// A token this close to its end is renewed before it is used.
const MARGIN: SignedDuration = SignedDuration::from_secs(30);
const V1: &str = "client.authentication.k8s.io/v1";
const V1_BETA1: &str = "client.authentication.k8s.io/v1beta1";

/// What a plugin gave. No `Debug`: it is all secret.
#[derive(Clone)]
pub(super) struct Credential {
    token: Option<HeaderValue>,
    /// Client certificate and key, PEM.
    pub(super) identity: Option<(String, String)>,
    expires: Option<Timestamp>,
}

impl Credential {
    fn is_stale(&self, now: Timestamp) -> bool {
        self.expires
            .is_some_and(|at| now.saturating_add(MARGIN).map_or(true, |soon| soon >= at))
    }
}

/// The plugin of one user, and what it gave last.
pub(super) struct Plugin {
    config: ExecConfig,
    cluster: Option<ExecAuthCluster>,
    user: String,
    last: Mutex<Option<Credential>>,
    /// Nobody is there: no terminal, and no longer than this.
    unattended: Option<Duration>,
}

impl Plugin {
    /// The plugin of this user; none when the user has none, or has a credential that goes before it (kube and client-go agree:
    /// password, token and token file are used first).
    ///
    /// # Errors
    ///
    /// When the entry names no command, or the cluster's certificate authority that the plugin asks for cannot be read.
    pub(super) fn of(
        user: &AuthInfo,
        name: Option<&str>,
        cluster: &Cluster,
    ) -> Result<Option<Self>> {
        let has_other = user.token.is_some()
            || user.token_file.is_some()
            || user.auth_provider.is_some()
            || user.username.is_some() && user.password.is_some();
        let Some(config) = user.exec.clone().filter(|_| !has_other) else {
            return Ok(None);
        };
        let user = named(name.unwrap_or_default());
        if config.command.as_deref().is_none_or(str::is_empty) {
            return Err(Error::user(format!(
                "user {user} has a credential plugin without a command"
            )));
        }
        let cluster = if config.provide_cluster_info {
            let info = ExecAuthCluster::try_from(cluster).map_err(|_| {
                Error::user(format!(
                    "the certificate authority cannot be read for the credential plugin of user {user}"
                ))
            })?;
            Some(info)
        } else {
            None
        };
        Ok(Some(Self {
            config,
            cluster,
            user,
            last: Mutex::new(None),
            unattended: None,
        }))
    }

    /// The same for a caller who must not ask, tell or wait. None when the plugin needs a person.
    pub(super) fn unattended(&self, limit: Duration) -> Option<Self> {
        let alone = self.config.interactive_mode != Some(ExecInteractiveMode::Always);
        alone.then(|| Self {
            config: self.config.clone(),
            cluster: self.cluster.clone(),
            user: self.user.clone(),
            last: Mutex::new(None),
            unattended: Some(limit),
        })
    }

    /// The plugin in words, without its arguments: those may hold a secret.
    pub(super) fn name(&self) -> String {
        let command = self.config.command.as_deref().unwrap_or_default();
        let base = Path::new(command)
            .file_name()
            .and_then(|n| n.to_str())
            .unwrap_or(command);
        clean(base, 80)
    }

    /// The credential to build a client with: the last one while it is good, else a fresh one. Blocks while the plugin runs.
    pub(super) fn first(&self) -> std::result::Result<Credential, Fault> {
        let Ok(mut last) = self.last.try_lock() else {
            return self.run();
        };
        if let Some(known) = last.as_ref().filter(|c| !c.is_stale(Timestamp::now())) {
            return Ok(known.clone());
        }
        let fresh = self.run()?;
        *last = Some(fresh.clone());
        Ok(fresh)
    }

    /// Puts the token on a request, a fresh one where the last is about to end.
    pub(super) async fn authorize(
        self: &Arc<Self>,
        headers: &mut HeaderMap,
    ) -> std::result::Result<(), Fault> {
        let mut last = self.last.lock().await;
        let stale = last.as_ref().is_none_or(|c| c.is_stale(Timestamp::now()));
        if stale {
            *last = Some(self.run_aside().await?);
        }
        if let Some(token) = last.as_ref().and_then(|c| c.token.clone()) {
            headers.insert(AUTHORIZATION, token);
        }
        Ok(())
    }

    /// Asks for another token after a 401. False when there is none to be had, so that trying again is no use.
    pub(super) async fn renew(self: &Arc<Self>) -> std::result::Result<bool, Fault> {
        let mut last = self.last.lock().await;
        let fresh = self.run_aside().await?;
        let differs =
            fresh.token.is_some() && fresh.token != last.as_ref().and_then(|c| c.token.clone());
        *last = Some(fresh);
        Ok(differs)
    }

    async fn run_aside(self: &Arc<Self>) -> std::result::Result<Credential, Fault> {
        let plugin = Arc::clone(self);
        tokio::task::spawn_blocking(move || plugin.run())
            .await
            .map_err(|_| Fault::Abandoned)?
    }

    fn run(&self) -> std::result::Result<Credential, Fault> {
        let who = format!(
            "credential plugin \"{}\" of user {}",
            self.name(),
            self.user
        );
        let failed = |why: &str| Fault::Credentials(format!("{who} {why}"));
        let at_terminal = self.unattended.is_none() && std::io::stdin().is_terminal();
        let interactive = match self.config.interactive_mode {
            Some(ExecInteractiveMode::Never) => false,
            Some(ExecInteractiveMode::Always) if !at_terminal => {
                return Err(failed("needs a terminal, and standard input is none"));
            }
            _ => at_terminal,
        };

        let version = self.config.api_version.as_deref().unwrap_or(V1);
        if version != V1 && version != V1_BETA1 {
            return Err(failed(&format!(
                "speaks apiVersion {}, and only {V1} and v1beta1 are supported",
                clean(version, 80)
            )));
        }
        let info = json!({
            "apiVersion": version,
            "kind": "ExecCredential",
            "spec": { "interactive": interactive, "cluster": self.cluster },
        });
        let mut command = Command::new(self.config.command.as_deref().unwrap_or_default());
        command.args(self.config.args.iter().flatten());
        for pair in self.config.env.iter().flatten() {
            if let (Some(name), Some(value)) = (pair.get("name"), pair.get("value")) {
                command.env(name, value);
            }
        }
        command.env("KUBERNETES_EXEC_INFO", info.to_string());
        if interactive {
            // "Open this page and enter the code": the user must see it, and may have to answer.
            command.stdin(Stdio::inherit()).stderr(Stdio::inherit());
        } else {
            command.stdin(Stdio::null()).stderr(Stdio::piped());
        }
        command.stdout(Stdio::piped());
        let out = match self.unattended {
            // It may be one that completes by this variable, too.
            Some(limit) => unattended::output(command.env_remove("COMPLETE"), limit),
            None => command.output(),
        };
        let out = out.map_err(|e| {
            let hint = self
                .config
                .install_hint
                .as_deref()
                .map(|h| format!(": {}", clean(h, 300)));
            let why = if e.kind() == std::io::ErrorKind::NotFound {
                "is not installed".to_owned()
            } else {
                format!("cannot be run ({e})")
            };
            failed(&format!("{why}{}", hint.unwrap_or_default()))
        })?;
        if !out.status.success() {
            let said = scrub(&String::from_utf8_lossy(&out.stderr));
            let said = if said.is_empty() {
                said
            } else {
                format!(": {said}")
            };
            return Err(failed(&format!("failed ({}){said}", out.status)));
        }
        read(&out.stdout, version).map_err(failed)
    }
}

/// The plugin's standard output. Errors never quote it.
fn read(stdout: &[u8], version: &str) -> std::result::Result<Credential, &'static str> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        #[serde(default)]
        api_version: String,
        status: Option<Status>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Status {
        token: Option<String>,
        client_certificate_data: Option<String>,
        client_key_data: Option<String>,
        expiration_timestamp: Option<String>,
    }
    // client-go reads YAML here, too.
    let answer: Answer =
        serde_saphyr::from_slice(stdout).map_err(|_| "did not print an ExecCredential")?;
    if answer.api_version != version {
        return Err("answered with another apiVersion than it was asked for");
    }
    let status = answer
        .status
        .ok_or("did not print a credential: its answer has no status")?;
    let set = |text: Option<String>| text.filter(|t| !t.is_empty());
    let token = set(status.token);
    let identity = match (
        set(status.client_certificate_data),
        set(status.client_key_data),
    ) {
        (Some(cert), Some(key)) => Some((cert, key)),
        (None, None) => None,
        _ => {
            return Err(
                "gave a client certificate without its key, or a key without its certificate",
            );
        }
    };
    if token.is_none() && identity.is_none() {
        return Err("gave neither a token nor a client certificate");
    }
    let token = match token {
        Some(text) => {
            let mut value = HeaderValue::try_from(format!("Bearer {}", text.trim()))
                .map_err(|_| "gave a token that no HTTP header may hold")?;
            value.set_sensitive(true);
            Some(value)
        }
        None => None,
    };
    let expires = match set(status.expiration_timestamp) {
        Some(text) => Some(
            text.parse()
                .map_err(|_| "gave an expirationTimestamp that is no time")?,
        ),
        None => None,
    };
    Ok(Credential {
        token,
        identity,
        expires,
    })
}

/// The last lines that a failed plugin wrote, with everything out that could be a secret: long words with digits or capitals in
/// them, and whatever follows `token`, `password`, `secret`, `key` or `Bearer`.
pub(super) fn scrub(text: &str) -> String {
    const TAIL: usize = 400;
    let line = clean(text, 64 * 1024);
    let skip = line.chars().count().saturating_sub(TAIL * 4);
    let mut words = Vec::new();
    let mut hide_next = false;
    for word in line.chars().skip(skip).collect::<String>().split(' ') {
        let lower = word.to_ascii_lowercase();
        let is_label = |w: &str| {
            let w = w.trim_matches(|c: char| !c.is_ascii_alphanumeric());
            [
                "token",
                "password",
                "passwd",
                "secret",
                "key",
                "keydata",
                "bearer",
                "authorization",
                "credential",
            ]
            .iter()
            .any(|l| w.ends_with(l))
        };
        let hidden = match lower.split_once([':', '=']) {
            Some((name, value)) if is_label(name) && !value.is_empty() => true,
            _ => hide_next && !is_label(&lower),
        };
        hide_next = lower.trim_end_matches('"').ends_with([':', '=']) && is_label(&lower)
            || lower.trim_start_matches(['"', '\'']) == "bearer";
        if hidden || looks_secret(word) {
            words.push("[hidden]".to_owned());
        } else {
            words.push(word.to_owned());
        }
    }
    let said = words.join(" ");
    let skip = said.chars().count().saturating_sub(TAIL);
    let tail: String = said.chars().skip(skip).collect();
    if skip > 0 { format!("…{tail}") } else { tail }
}

/// A run of at least 16 characters that no word, host name or path of plain words has.
fn looks_secret(word: &str) -> bool {
    word.split(|c: char| !(c.is_ascii_alphanumeric() || "_-+/=.~".contains(c)))
        .any(|run| {
            run.len() >= 16
                && run
                    .chars()
                    .any(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
                || run.split(['/', '.', '-', '_']).any(|part| part.len() >= 24)
        })
}

#[cfg(test)]
mod tests;
