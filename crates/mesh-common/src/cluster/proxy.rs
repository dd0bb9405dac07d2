//! Which proxy stands between us and the API server: kubectl's answer, which is Go's.
//!
//! A kubeconfig's `proxy-url` is unconditional. Otherwise `HTTPS_PROXY` (for `https://` servers) or `HTTP_PROXY` (for
//! `http://` servers) applies unless `NO_PROXY` names **the cluster's** host: golang.org/x/net/http/httpproxy, `useProxy`
//! and `init`. kube 5.0.0 matches `NO_PROXY` against the proxy's own address, refuses an empty item in the list and never
//! reads `HTTP_PROXY`, so we decide and hand it the result.

use std::net::IpAddr;

use http::Uri;
use ipnet::IpNet;

use super::env::Env;
use crate::{
    error::{Error, Result},
    output::clean,
};

/// The proxy for this server, as a URL that the kube client takes; none is a direct connection.
///
/// # Errors
///
/// When the proxy is one we cannot speak to: a scheme other than `http`, `https` or `socks5`, or a SOCKS proxy with a password.
pub(super) fn decide(proxy_url: Option<&str>, server: &Uri, env: &Env) -> Result<Option<Uri>> {
    if let Some(text) = proxy_url {
        let uri = text
            .parse::<Uri>()
            .ok()
            .filter(|u| u.scheme().is_some() && u.host().is_some())
            .ok_or_else(|| {
                Error::user(
                    "the proxy-url of the cluster is not a URL such as http://proxy.example:3128",
                )
                .hint("kubectl config view --minify")
            })?;
        return usable(&uri, "proxy-url of the cluster").map(Some);
    }
    let names: &[&str] = match server.scheme_str() {
        Some("https") => &["HTTPS_PROXY", "https_proxy"],
        _ => &["HTTP_PROXY", "http_proxy"],
    };
    let Some(text) = env.any(names) else {
        return Ok(None);
    };
    // httpproxy `parseProxy`: without a scheme it is an HTTP proxy; what still is no URL counts as not set.
    let parsed = text
        .parse::<Uri>()
        .ok()
        .filter(|u| u.scheme().is_some() && u.host().is_some());
    let Some(uri) = parsed.or_else(|| format!("http://{text}").parse::<Uri>().ok()) else {
        tracing::warn!(
            variable = names[0],
            "not a proxy URL, ignored as kubectl ignores it"
        );
        return Ok(None);
    };
    let no_proxy = env.any(&["NO_PROXY", "no_proxy"]).unwrap_or_default();
    if !through_proxy(server, no_proxy) {
        return Ok(None);
    }
    usable(&uri, names[0]).map(Some)
}

/// The proxy with the port that Go would dial, in the spelling of kube; or why not.
fn usable(uri: &Uri, whence: &str) -> Result<Uri> {
    let scheme = uri.scheme_str().unwrap_or_default().to_ascii_lowercase();
    let (scheme, port) = match scheme.as_str() {
        "http" => ("http", 80),
        "https" => ("https", 443),
        // kube's SOCKS client has the proxy resolve names, which is what Go does under either spelling.
        "socks5" | "socks5h" => ("socks5", 1080),
        other => {
            return Err(Error::user(format!(
                "{whence} has scheme {}, and only http, https and socks5 proxies are supported",
                clean(other, 20)
            )));
        }
    };
    let authority = uri
        .authority()
        .map(http::uri::Authority::as_str)
        .unwrap_or_default();
    if scheme == "socks5" && authority.contains('@') {
        return Err(Error::user(format!(
            "{whence} is a SOCKS proxy with a user name, and only SOCKS proxies without one are supported"
        ))
        .hint("use an http proxy, or a local SOCKS forwarder that adds the password"));
    }
    let authority = if uri.port().is_some() {
        authority.to_owned()
    } else {
        format!("{}:{port}", authority.trim_end_matches(':'))
    };
    format!("{scheme}://{authority}/")
        .parse()
        .map_err(|_| Error::user(format!("{whence} is not a usable proxy URL")))
}

/// The proxy without its password, for a screen.
pub(super) fn shown(proxy: &Uri) -> String {
    let host = proxy.host().unwrap_or_default();
    let port = proxy
        .port_u16()
        .map(|p| format!(":{p}"))
        .unwrap_or_default();
    clean(
        &format!("{}://{host}{port}", proxy.scheme_str().unwrap_or_default()),
        200,
    )
}

/// Whether this host is this machine. Go never sends those through a proxy.
pub(super) fn is_loopback(host: &str) -> bool {
    host == "localhost" || ip(host).is_some_and(|ip| ip.is_loopback())
}

/// httpproxy `useProxy`: whether a request to this server goes through the proxy of the environment.
fn through_proxy(server: &Uri, no_proxy: &str) -> bool {
    let host = server.host().unwrap_or_default().to_ascii_lowercase();
    let port = server
        .port_u16()
        .unwrap_or(if server.scheme_str() == Some("https") {
            443
        } else {
            80
        })
        .to_string();
    if is_loopback(&host) {
        return false;
    }
    let address = ip(&host);
    !no_proxy
        .split(',')
        .any(|item| exempts(&item.trim().to_ascii_lowercase(), &host, address, &port))
}

/// Whether one item of `NO_PROXY`, trimmed and in lower case, names this server. The order of the attempts is `init`'s.
fn exempts(item: &str, host: &str, address: Option<IpAddr>, port: &str) -> bool {
    if item.is_empty() {
        return false;
    }
    if item == "*" {
        return true;
    }
    if let Ok(net) = item.parse::<IpNet>() {
        return address.is_some_and(|a| net.contains(&a));
    }
    let (name, wanted) = split_port(item);
    let port_fits = wanted.is_none_or(|w| w.is_empty() || w == port);
    if let Ok(one) = name.parse::<IpAddr>() {
        return address == Some(one.to_canonical()) && port_fits;
    }
    let name = name
        .strip_prefix('*')
        .filter(|n| n.starts_with('.'))
        .unwrap_or(name);
    if name.is_empty() {
        return false;
    }
    // `.example.com` fits names below it only, `example.com` also itself.
    let below = if let Some(bare) = name.strip_prefix('.') {
        bare
    } else {
        if host == name {
            return port_fits;
        }
        name
    };
    host.strip_suffix(below)
        .is_some_and(|head| head.ends_with('.'))
        && port_fits
}

/// Go's `net.SplitHostPort`, near enough for a list item: `host:port`, `[v6]:port`, else no port. A bare IPv6 address has
/// many colons and so no port.
fn split_port(item: &str) -> (&str, Option<&str>) {
    if let Some(inner) = item.strip_prefix('[') {
        return match inner.split_once("]:") {
            Some((host, port)) => (host, Some(port)),
            None => (item, None),
        };
    }
    match item.split_once(':') {
        Some((host, port)) if !port.contains(':') => (host, Some(port)),
        _ => (item, None),
    }
}

/// The host as an address, brackets off, IPv4 in IPv6 undone as Go's `net.IP.Equal` does.
fn ip(host: &str) -> Option<IpAddr> {
    let bare = host
        .strip_prefix('[')
        .and_then(|h| h.strip_suffix(']'))
        .unwrap_or(host);
    bare.parse::<IpAddr>().ok().map(|a| a.to_canonical())
}

#[cfg(test)]
mod tests;
