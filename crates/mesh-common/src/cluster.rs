//! Which cluster a command talks to, as whom, and how patiently.
//!
//! [`ClusterArgs`] is what was typed. [`ClusterArgs::resolve`] reads the kubeconfig once and gives a [`Connection`]:
//! from then on nothing looks at the kubeconfig, the current context or the proxy variables again, so a context
//! switched meanwhile cannot send a command elsewhere. istioctl gets the same connection by
//! [`Connection::minified`].
//!
//! The rules are kubectl's; where the kube crate differs the difference is named at the function.

use std::path::PathBuf;

use clap::{ArgAction, Args};

mod client;
mod connection;
mod duration;
mod env;
mod exec;
mod explain;
pub mod forward;
mod kubeconfig;
mod list;
mod log;
mod minify;
mod names;
mod patience;
mod proxy;
pub mod rights;
mod status;
pub mod web;

pub use self::{
    client::Fault,
    connection::{Connection, Impersonation},
    duration::RequestTimeout,
    explain::explain,
    list::{ListQuery, Listed, get_date, get_json, get_text, list, list_pages},
    minify::MinifiedKubeconfig,
    names::Names,
    rights::{Ask, Right, Verdict, can_i},
    status::{is_absent, is_conflict, is_forbidden},
};

use self::env::Env;
use crate::{complete::Values, error::Result, shell::Reach};

/// The Istio namespace when nothing else is said.
pub const ISTIO_NAMESPACE: &str = "istio-system";

/// The flags that say which cluster, as whom, and how patiently. Flattened into every command.
#[derive(Args, Clone, Debug)]
pub struct ClusterArgs {
    /// Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Cluster options"
    )]
    pub kubeconfig: Option<PathBuf>,
    /// Context of the kubeconfig to use [default: the current one]
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        add = Values::Context,
        help_heading = "Cluster options"
    )]
    pub context: Option<String>,
    /// Cluster of the kubeconfig to use instead of the context's
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        add = Values::Cluster,
        help_heading = "Cluster options"
    )]
    pub cluster: Option<String>,
    /// User of the kubeconfig to use instead of the context's
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        add = Values::User,
        help_heading = "Cluster options"
    )]
    pub user: Option<String>,
    /// Namespace to work in [default: the context's, else "default"]
    #[arg(
        short,
        long,
        global = true,
        value_name = "NAME",
        add = Values::Namespace,
        help_heading = "Cluster options"
    )]
    pub namespace: Option<String>,
    /// Namespace Istio runs in
    #[arg(
        short,
        long,
        global = true,
        value_name = "NAME",
        default_value = ISTIO_NAMESPACE,
        add = Values::IstioNamespace,
        help_heading = "Cluster options"
    )]
    pub istio_namespace: String,
    /// User name to impersonate
    #[arg(
        long = "as",
        global = true,
        value_name = "NAME",
        help_heading = "Cluster options"
    )]
    pub as_user: Option<String>,
    /// Group to impersonate; may be repeated
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        help_heading = "Cluster options"
    )]
    pub as_group: Vec<String>,
    /// UID to impersonate
    #[arg(
        long,
        global = true,
        value_name = "UID",
        help_heading = "Cluster options"
    )]
    pub as_uid: Option<String>,
    /// How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit
    /// [default: 60s of silence]
    #[arg(
        long,
        global = true,
        value_name = "DURATION",
        help_heading = "Cluster options"
    )]
    pub request_timeout: Option<RequestTimeout>,
    /// Show requests on stderr; -vv shows more
    #[arg(short, global = true, action = ArgAction::Count, help_heading = "Cluster options")]
    pub verbose: u8,
}

impl Default for ClusterArgs {
    /// What nothing typed means.
    fn default() -> Self {
        Self {
            kubeconfig: None,
            context: None,
            cluster: None,
            user: None,
            namespace: None,
            istio_namespace: ISTIO_NAMESPACE.to_owned(),
            as_user: None,
            as_group: Vec::new(),
            as_uid: None,
            request_timeout: None,
            verbose: 0,
        }
    }
}

impl ClusterArgs {
    /// Whether nothing names a cluster: no flag, no $KUBECONFIG, and no kubeconfig where it would be looked for.
    pub fn names_nothing(&self) -> bool {
        let flags = [&self.context, &self.cluster, &self.user];
        let env = Env::process();
        self.kubeconfig.is_none()
            && flags.iter().all(|flag| flag.is_none())
            && env.os("KUBECONFIG").is_none()
            && env
                .home()
                .is_none_or(|home| !home.join(".kube").join("config").exists())
    }

    /// Reads the kubeconfig and decides, once, which cluster this command talks to and as whom.
    ///
    /// Nothing is sent, and no credential plugin runs yet.
    ///
    /// # Errors
    ///
    /// [`Kind::User`](crate::Kind::User) when no kubeconfig is found (there is no silent fallback to the service account of a pod), when
    /// a context, cluster or user is not in it, or when what it says contradicts itself. Names come back in the message,
    /// secrets never do.
    pub fn resolve(&self) -> Result<Connection> {
        self.resolve_in(&Env::process())
    }

    /// The names of all contexts in the kubeconfig, in its order.
    ///
    /// # Errors
    ///
    /// [`Kind::User`](crate::Kind::User) when no kubeconfig is found or it cannot be read.
    pub fn contexts(&self) -> Result<Vec<String>> {
        let loaded = kubeconfig::load(self.kubeconfig.as_deref(), &Env::process())?;
        Ok(loaded.config.contexts.into_iter().map(|c| c.name).collect())
    }

    /// Sends log lines to stderr as `-v` asks for: nothing without it, each request with `-v`, more with `-vv`.
    /// Never headers, never bodies. To be called once, first thing.
    pub fn init_logging(&self) {
        log::init(self.verbose);
    }

    /// The flags as they were typed that reach this same cluster as this same identity: for the commands that
    /// a screen tells somebody to paste.
    pub fn reach(&self) -> Reach {
        let file = self.kubeconfig.as_ref().map(|f| f.display().to_string());
        let text = |typed: &Option<String>| typed.clone().unwrap_or_default();
        let mut kubectl = vec![
            ("--kubeconfig", file.unwrap_or_default()),
            ("--context", text(&self.context)),
            ("--cluster", text(&self.cluster)),
            ("--user", text(&self.user)),
            ("--as", text(&self.as_user)),
        ];
        kubectl.extend(self.as_group.iter().map(|g| ("--as-group", g.clone())));
        kubectl.push(("--as-uid", text(&self.as_uid)));
        let istio = Some(self.istio_namespace.as_str()).filter(|n| *n != ISTIO_NAMESPACE);
        Reach::new(
            kubectl.iter().map(|(name, value)| (*name, value.as_str())),
            istio.map(|namespace| ("--istio-namespace", namespace)),
        )
    }

    fn resolve_in(&self, env: &Env) -> Result<Connection> {
        connection::resolve(self, env)
    }
}

#[cfg(test)]
mod tests;
