//! The client against servers that misbehave. All of them are the tests' own, on 127.0.0.1.

// A test says what is wrong by failing.
#![allow(missing_docs, clippy::unwrap_used)]

use std::{
    fs,
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use mesh_common::{
    Error,
    cluster::{
        Ask, ClusterArgs, Connection, ListQuery, Listed, Verdict, can_i, explain, get_date,
        get_json, get_text, list, list_pages,
    },
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use serde_json::Value;

#[path = "cluster_live/answers.rs"]
mod answers;
#[path = "cluster_live/pages.rs"]
mod pages;
#[path = "cluster_live/server.rs"]
mod server;
#[path = "cluster_live/tls.rs"]
mod tls;

use server::{Answer, Server};

const PODS: &str = "/api/v1/pods";

/// A connection made of one cluster entry and one user entry, both in YAML flow style.
fn connect(
    cluster: &str,
    user: &str,
    timeout: &str,
    more: impl FnOnce(&mut ClusterArgs),
) -> Connection {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config");
    let text = format!(
        "current-context: test\nclusters: [{{name: c, cluster: {{{cluster}}}}}]\n\
         contexts: [{{name: test, context: {{cluster: c, user: u}}}}]\nusers: [{{name: u, user: {{{user}}}}}]\n"
    );
    fs::write(&path, text).unwrap();
    let mut args = ClusterArgs {
        kubeconfig: Some(path),
        request_timeout: Some(timeout.parse().unwrap()),
        ..ClusterArgs::default()
    };
    more(&mut args);
    args.resolve().unwrap()
}

fn to(server: &str) -> Connection {
    connect(&format!("server: '{server}'"), "", "20s", |_| {})
}

/// Lists pods as JSON, and words what goes wrong.
async fn pods(c: &Connection) -> Result<Vec<Value>, Error> {
    let client = c.client()?;
    list(&client, PODS, &ListQuery::default())
        .await
        .map_err(|e| explain(&e, "list pods", c))
}

async fn line(c: &Connection) -> String {
    let e = pods(c).await.expect_err("the server misbehaves");
    let text = e.to_string();
    assert!(text.starts_with("cannot list pods: "), "{text}");
    assert!(!text.contains('\n') && text.len() < 600, "{text}");
    assert!(!e.hints().is_empty(), "{text}");
    text
}

fn page(items: &str, token: &str) -> String {
    format!(
        r#"{{"kind":"PodList","metadata":{{"resourceVersion":"7","continue":"{token}"}},"items":[{items}]}}"#
    )
}
