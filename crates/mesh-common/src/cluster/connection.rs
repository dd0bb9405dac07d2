//! The resolved connection: everything decided, nothing sent yet.

use std::{fmt, sync::Arc, time::Duration};

use http::{HeaderValue, Uri};
use kube::config::{AuthInfo, Cluster};

use super::{
    ClusterArgs, ISTIO_NAMESPACE,
    env::Env,
    exec::Plugin,
    kubeconfig::{self, Selected, named},
    patience::Patience,
    proxy,
};
use crate::{
    error::{Error, Kind, Result},
    output::clean,
    shell::word,
};

/// Who the requests are made as, when not as the user of the kubeconfig.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impersonation {
    /// The user name.
    pub user: String,
    /// The groups.
    pub groups: Vec<String>,
    /// The UID.
    pub uid: Option<String>,
}

/// One cluster, one identity, decided once. Cheap to clone.
///
/// The public fields are for screens and records and hold no secret; neither does `Debug`.
#[derive(Clone)]
pub struct Connection {
    /// Name of the context; none when `--cluster` was given without any context.
    pub context: Option<String>,
    /// Name of the cluster entry.
    pub cluster: String,
    /// Name of the user entry; a context may name none.
    pub user: Option<String>,
    /// Namespace to work in.
    pub namespace: String,
    /// Namespace Istio runs in.
    pub istio_namespace: String,
    /// URL of the API server.
    pub server: String,
    /// Who is impersonated.
    pub impersonating: Option<Impersonation>,
    /// The proxy in between, without its password.
    pub proxy: Option<String>,
    pub(super) uri: Uri,
    pub(super) proxy_uri: Option<Uri>,
    pub(super) entry: Arc<Cluster>,
    pub(super) identity: Arc<AuthInfo>,
    pub(super) plugin: Option<Arc<Plugin>>,
    pub(super) patience: Patience,
    kubectl: String,
}

impl fmt::Debug for Connection {
    /// The printable part only: exec plugins carry secrets in their environment.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("context", &self.context)
            .field("cluster", &self.cluster)
            .field("user", &self.user)
            .field("namespace", &self.namespace)
            .field("istio_namespace", &self.istio_namespace)
            .field("server", &self.server)
            .field("impersonating", &self.impersonating)
            .field("proxy", &self.proxy)
            .finish_non_exhaustive()
    }
}

/// The one place where flags, kubeconfig and environment meet.
pub(super) fn resolve(args: &ClusterArgs, env: &Env) -> Result<Connection> {
    let loaded = kubeconfig::load(args.kubeconfig.as_deref(), env)?;
    let Selected {
        context,
        cluster_name,
        cluster,
        user_name,
        mut user,
        namespace,
    } = kubeconfig::select(
        &loaded,
        args.context.as_deref(),
        args.cluster.as_deref(),
        args.user.as_deref(),
    )?;

    let uri = server_uri(&cluster_name, &cluster)?;
    // client-go `rest.TLSConfigFor` refuses the same.
    let has_ca =
        cluster.certificate_authority.is_some() || cluster.certificate_authority_data.is_some();
    if has_ca && cluster.insecure_skip_tls_verify == Some(true) {
        return Err(Error::user(format!(
            "cluster {} has both insecure-skip-tls-verify and a certificate authority: one of them must go",
            named(&cluster_name)
        ))
        .hint("kubectl config unset clusters.NAME.insecure-skip-tls-verify"));
    }

    impersonate(args, &mut user)?;
    let impersonating = user.impersonate.clone().map(|name| Impersonation {
        user: name,
        groups: user.impersonate_groups.clone().unwrap_or_default(),
        uid: user.impersonate_uid.clone(),
    });

    let proxy_uri = proxy::decide(cluster.proxy_url.as_deref(), &uri, env)?;
    let plugin = Plugin::of(&user, user_name.as_deref(), &cluster)?.map(Arc::new);
    let kubectl = kubectl(args, context.as_deref());
    let or = |typed: &Option<String>| typed.clone().filter(|t| !t.is_empty());
    Ok(Connection {
        context,
        cluster: cluster_name,
        user: user_name,
        namespace: or(&args.namespace)
            .or(namespace)
            .unwrap_or_else(|| "default".to_owned()),
        istio_namespace: or(&Some(args.istio_namespace.clone()))
            .unwrap_or_else(|| ISTIO_NAMESPACE.to_owned()),
        server: clean(uri.to_string().trim_end_matches('/'), 200),
        impersonating,
        proxy: proxy_uri.as_ref().map(proxy::shown),
        uri,
        proxy_uri,
        entry: Arc::new(cluster),
        identity: Arc::new(user),
        plugin,
        patience: Patience::of(args.request_timeout),
        kubectl,
    })
}

/// The context is named even where it was not typed: it may no longer be the current one when the line is pasted.
fn kubectl(args: &ClusterArgs, context: Option<&str>) -> String {
    let mut line = String::from("kubectl");
    let mut flag = |name: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|v| !v.is_empty()) {
            line.extend([" --", name, " ", &word(value)]);
        }
    };
    let file = args.kubeconfig.as_ref().map(|f| f.display().to_string());
    flag("kubeconfig", file.as_deref());
    flag("context", context);
    flag("cluster", args.cluster.as_deref());
    flag("user", args.user.as_deref());
    flag("as", args.as_user.as_deref());
    for group in &args.as_group {
        flag("as-group", Some(group));
    }
    flag("as-uid", args.as_uid.as_deref());
    line
}

/// Flags over what the user entry says. Groups or a UID without a user name are refused, as client-go refuses them.
fn impersonate(args: &ClusterArgs, user: &mut AuthInfo) -> Result<()> {
    if let Some(name) = args.as_user.as_ref().filter(|n| !n.is_empty()) {
        // Another person: the groups and UID of the kubeconfig's one are not theirs.
        user.impersonate = Some(name.clone());
        user.impersonate_groups = None;
        user.impersonate_uid = None;
        user.impersonate_user_extra = None;
    }
    if !args.as_group.is_empty() {
        user.impersonate_groups = Some(args.as_group.clone());
    }
    if let Some(uid) = args.as_uid.as_ref().filter(|u| !u.is_empty()) {
        user.impersonate_uid = Some(uid.clone());
    }
    let extras = user
        .impersonate_groups
        .as_ref()
        .is_some_and(|g| !g.is_empty())
        || user.impersonate_uid.is_some()
        || user
            .impersonate_user_extra
            .as_ref()
            .is_some_and(|e| !e.is_empty());
    if extras && user.impersonate.is_none() {
        return Err(Error::new(
            Kind::Usage,
            "a group or UID cannot be impersonated without a user",
        )
        .hint("add --as NAME"));
    }
    let names = user.impersonate.iter().chain(&user.impersonate_uid);
    for value in names.chain(user.impersonate_groups.iter().flatten()) {
        if HeaderValue::from_str(value).is_err() {
            return Err(Error::user(format!(
                "{} cannot be impersonated: the name has characters that no HTTP header may hold",
                named(value)
            )));
        }
    }
    Ok(())
}

/// The server as a full URL. client-go (`rest.DefaultServerURL`) takes a bare host for `https` when the entry has TLS settings,
/// else for `http`.
fn server_uri(name: &str, cluster: &Cluster) -> Result<Uri> {
    let text = cluster.server.as_deref().ok_or_else(|| {
        Error::user(format!("cluster {} has no server", named(name)))
            .hint("kubectl config set-cluster NAME --server=https://HOST:PORT")
    })?;
    let tls = cluster.certificate_authority.is_some()
        || cluster.certificate_authority_data.is_some()
        || cluster.insecure_skip_tls_verify == Some(true);
    let full = if text.contains("://") {
        text.to_owned()
    } else {
        format!("{}://{text}", if tls { "https" } else { "http" })
    };
    let wrong = || {
        Error::user(format!(
            "cluster {} has server {}, which is not an http or https URL",
            named(name),
            named(text.rsplit('@').next().unwrap_or_default())
        ))
        .hint("kubectl config set-cluster NAME --server=https://HOST:PORT")
    };
    let uri: Uri = full.parse().map_err(|_| wrong())?;
    let default_port = match uri.scheme_str() {
        Some("https") => 443,
        Some("http") => 80,
        _ => return Err(wrong()),
    };
    let host = uri.host().filter(|h| !h.is_empty()).ok_or_else(wrong)?;
    // Kept as written where a port is named. Where none is, it is spelled out for the proxy client of kube, which takes 443
    // for every scheme; a user name in the URL is dropped, client-go has no use for it either.
    let port = uri.port_u16().unwrap_or(default_port);
    let authority = if uri.port().is_none() && default_port == 443 {
        host.to_owned()
    } else {
        format!("{host}:{port}")
    };
    Uri::builder()
        .scheme(uri.scheme_str().unwrap_or("https"))
        .authority(authority)
        .path_and_query(uri.path())
        .build()
        .map_err(|_| wrong())
}

impl Connection {
    /// The same where nobody can be asked and nothing may be told, for completion: a credential plugin gets no terminal and this
    /// long. None where the plugin says that it needs a person.
    pub(crate) fn unattended(mut self, limit: Duration) -> Option<Self> {
        if let Some(plugin) = self.plugin.take() {
            self.plugin = Some(Arc::new(plugin.unattended(limit)?));
        }
        Some(self)
    }

    /// What `--request-timeout` asked for: how long one request may take. None without the flag, and with `0`.
    pub fn deadline(&self) -> Option<Duration> {
        match self.patience {
            Patience::Total(limit) => Some(limit),
            Patience::Silence(_) | Patience::Endless => None,
        }
    }

    /// Rows for a screen: where a command goes and as whom. Safe to print.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        let mut row = |name: &str, value: &str| rows.push((name.to_owned(), clean(value, 200)));
        if let Some(context) = &self.context {
            row("Context", context);
        }
        row("Cluster", &format!("{} ({})", self.cluster, self.server));
        if let Some(user) = &self.user {
            row("User", user);
        }
        if let Some(who) = &self.impersonating {
            let mut text = who.user.clone();
            if !who.groups.is_empty() {
                text = format!("{text}, groups {}", who.groups.join(", "));
            }
            row("Acting as", &text);
        }
        if let Some(proxy) = &self.proxy {
            row("Proxy", proxy);
        }
        row("Namespace", &self.namespace);
        row("Istio in", &self.istio_namespace);
        rows
    }

    /// `kubectl` with the flags that reach this same cluster as this same identity, for a command to paste.
    pub fn kubectl(&self) -> &str {
        &self.kubectl
    }

    /// The user for a message: the name of its entry, or that there is none.
    pub(super) fn who(&self) -> String {
        match &self.user {
            Some(name) => format!("user {}", named(name)),
            None => "no user".to_owned(),
        }
    }
}
