//! What everything else is measured against: the pages of some lists, read from the network and dropped.

use std::{path::Path, process::ExitCode};

use futures::{StreamExt as _, TryStreamExt as _, stream};
use http::Request;
use http_body_util::BodyExt as _;
use kube::{
    Client, Config,
    client::Body,
    config::{KubeConfigOptions, Kubeconfig},
};

use crate::Result;

/// The hidden name.
pub(crate) const NAME: &str = "pages-inside";

/// The token of the next page stands in the metadata, which comes first.
const HEAD: usize = 4096;

/// Reads every page of every list in this file, one path per line, so many lists at once.
pub(crate) fn inside(kubeconfig: &Path, lists: &Path, at_once: usize) -> Result<ExitCode> {
    let lists = std::fs::read_to_string(lists)?;
    let kubeconfig = Kubeconfig::read_from(kubeconfig)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let options = KubeConfigOptions::default();
        let mut config = Config::from_custom_kubeconfig(kubeconfig, &options).await?;
        config.proxy_url = None;
        config.disable_compression = true;
        let client = Client::try_from(config)?;
        stream::iter(lists.lines())
            .map(|list| pages(&client, list))
            .buffer_unordered(at_once)
            .try_for_each(|()| async { Ok(()) })
            .await
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn pages(client: &Client, list: &str) -> Result<()> {
    let mut token = String::new();
    loop {
        let more = if token.is_empty() {
            list.to_owned()
        } else {
            format!("{list}&continue={token}")
        };
        let answer = client
            .send(Request::get(&more).body(Body::empty())?)
            .await?;
        if !answer.status().is_success() {
            return Err(format!("{list}: {}", answer.status()).into());
        }
        let mut body = answer.into_body();
        let mut head = Vec::new();
        while let Some(frame) = body.frame().await {
            if let Ok(data) = frame?.into_data()
                && head.len() < HEAD
            {
                head.extend_from_slice(&data[..data.len().min(HEAD)]);
            }
        }
        match following(&head) {
            Some(next) => token = next,
            None => return Ok(()),
        }
    }
}

/// `continue` of the list's metadata: base64 for URLs, so it needs no escapes of any kind.
fn following(head: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(head);
    let metadata = head.split("\"items\"").next()?;
    let (_, rest) = metadata.split_once("\"continue\":\"")?;
    let (token, _) = rest.split_once('"')?;
    (!token.is_empty()).then(|| token.to_owned())
}
