//! Long lists, page by page: the next page is on its way while this one is parsed, and nothing is parsed that is not used.

use std::{
    fmt::Write,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::BytesMut;
use http::{Request, Response, header};
use http_body_util::BodyExt;
use hyper::body::Body as _;
use jiff::Timestamp;
use kube::{Client, client::Body, core::Status};
use serde::de::DeserializeOwned;

use self::page::{Parsed, next_token, parse};
use super::client::Fault;

mod page;

/// Parsing less than this costs less than handing it to another thread.
const PARSE_HERE: usize = 32 * 1024;

/// A list of which the API server sends only metadata; no other form is taken in its place.
const METADATA: &str = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/// What to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListQuery {
    /// Label selector in kubectl's syntax.
    pub label_selector: Option<String>,
    /// Field selector in kubectl's syntax.
    pub field_selector: Option<String>,
    /// Objects per page; 0 asks for everything at once.
    pub limit: u32,
    /// Only the objects' metadata: nothing else of them leaves the API server.
    pub metadata_only: bool,
}

impl Default for ListQuery {
    /// Everything, 500 at a time, as kubectl asks.
    fn default() -> Self {
        Self {
            label_selector: None,
            field_selector: None,
            limit: 500,
            metadata_only: false,
        }
    }
}

/// What a list came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<A> {
    /// What the items were folded into.
    pub value: A,
    /// `metadata.resourceVersion` of the list, for a watch.
    pub resource_version: String,
    /// Number of items.
    pub items: usize,
    /// Number of pages.
    pub pages: usize,
}

/// Lists `path` (such as `/api/v1/pods`) page by page and folds each item into an accumulator.
///
/// `T` names only the fields that are wanted; the rest is skipped unread. `fold` runs beside the network, on another thread.
/// `start` makes the accumulator, and makes it anew when the API server forgets the list half-way (410 Gone): the list then begins
/// again, once.
///
/// # Errors
///
/// As the client says; [`explain`](super::explain) words it. An item that does not fit `T` is an error of the list.
pub async fn list_pages<T, A, F>(
    client: &Client,
    path: &str,
    query: &ListQuery,
    start: impl Fn() -> A,
    fold: F,
) -> Result<Listed<A>, kube::Error>
where
    T: DeserializeOwned + 'static,
    A: Send + 'static,
    F: Fn(&mut A, T) + Send + Sync + 'static,
{
    let fold = Arc::new(fold);
    let mut again = true;
    loop {
        match attempt(client, path, query, start(), &fold).await {
            Err(Stop::Expired(_)) if again => {
                again = false;
                tracing::debug!("GET {path} expired half-way, listing again");
            }
            Err(Stop::Expired(e) | Stop::Failed(e)) => return Err(e),
            Ok(listed) => return Ok(listed),
        }
    }
}

/// Lists `path` into a vector. For long lists of which little is kept, [`list_pages`] holds less.
///
/// # Errors
///
/// As [`list_pages`].
pub async fn list<T>(client: &Client, path: &str, query: &ListQuery) -> Result<Vec<T>, kube::Error>
where
    T: DeserializeOwned + Send + 'static,
{
    let listed = list_pages(client, path, query, Vec::new, Vec::push).await?;
    Ok(listed.value)
}

/// One object or document as JSON.
///
/// # Errors
///
/// As the client says, and when the answer is not such a `T`.
pub async fn get_json<T: DeserializeOwned>(client: &Client, path: &str) -> Result<T, kube::Error> {
    let bytes = fetch(client, path, false).await?;
    serde_json::from_slice(&bytes).map_err(kube::Error::SerdeError)
}

/// One answer as text, such as `/version` or a pod's own page through the API server's proxy.
///
/// # Errors
///
/// As the client says, and when the answer is not UTF-8.
pub async fn get_text(client: &Client, path: &str) -> Result<String, kube::Error> {
    let bytes = fetch(client, path, false).await?;
    String::from_utf8(bytes.into()).map_err(kube::Error::FromUtf8)
}

/// What time the server has: header `Date` of its answer for this path, and how long the answer took to begin. None where
/// the answer has no such header. A refusal has a date too, and counts.
///
/// # Errors
///
/// As the client says.
pub async fn get_date(
    client: &Client,
    path: &str,
) -> Result<Option<(Timestamp, Duration)>, kube::Error> {
    let request = Request::get(path)
        .body(Body::empty())
        .map_err(kube::Error::HttpError)?;
    let asked = Instant::now();
    let answer = client.send(request).await?;
    let took = asked.elapsed();
    let date = answer.headers().get(header::DATE);
    // A date of HTTP (RFC 9110 5.6.7) is one of mail, too.
    let date = date.and_then(|d| jiff::fmt::rfc2822::parse(d.to_str().ok()?).ok());
    collect(answer).await?;
    Ok(date.map(|d| (d.timestamp(), took)))
}

/// Why one run through the pages ended early.
enum Stop {
    /// 410 on a later page: the list as a whole is worth another try.
    Expired(kube::Error),
    Failed(kube::Error),
}

async fn attempt<T, A, F>(
    client: &Client,
    path: &str,
    query: &ListQuery,
    start: A,
    fold: &Arc<F>,
) -> Result<Listed<A>, Stop>
where
    T: DeserializeOwned + 'static,
    A: Send + 'static,
    F: Fn(&mut A, T) + Send + Sync + 'static,
{
    let mut listed = Listed {
        value: start,
        resource_version: String::new(),
        items: 0,
        pages: 0,
    };
    let lean = query.metadata_only;
    let mut page = fetch(client, &address(path, query, None), lean)
        .await
        .map_err(Stop::Failed)?;
    loop {
        let early = next_token(&page);
        let parsing = parse_aside::<T, A, F>(page, listed.value, Arc::clone(fold));
        let (parsed, following) = match &early {
            // The API server writes the token before the items, so the next page can be asked for right away.
            Some(token) => {
                let next = address(path, query, Some(token));
                let (parsed, next) = futures::join!(parsing, fetch(client, &next, lean));
                (parsed, Some(next))
            }
            None => (parsing.await, None),
        };
        let Parsed { value, meta, items } = parsed.map_err(Stop::Failed)?;
        listed.value = value;
        listed.items += items;
        listed.pages += 1;
        listed.resource_version = meta.resource_version;
        let following = match following {
            Some(fetched) => fetched,
            None if meta.continue_token.is_empty() => return Ok(listed),
            None => {
                let next = address(path, query, Some(&meta.continue_token));
                fetch(client, &next, lean).await
            }
        };
        page = following.map_err(|e| match e {
            kube::Error::Api(status) if status.code == 410 => {
                Stop::Expired(kube::Error::Api(status))
            }
            other => Stop::Failed(other),
        })?;
    }
}

/// The path and query of one page.
fn address(path: &str, query: &ListQuery, token: Option<&str>) -> String {
    let mut address = path.to_owned();
    let mut separator = if path.contains('?') { '&' } else { '?' };
    let mut add = |name: &str, value: &str| {
        address.push(separator);
        separator = '&';
        address.push_str(name);
        address.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                address.push(char::from(byte));
            } else {
                // Writing to a string cannot fail.
                let _ = write!(address, "%{byte:02X}");
            }
        }
    };
    if query.limit > 0 {
        add("limit", &query.limit.to_string());
    }
    if let Some(selector) = query.label_selector.as_deref().filter(|s| !s.is_empty()) {
        add("labelSelector", selector);
    }
    if let Some(selector) = query.field_selector.as_deref().filter(|s| !s.is_empty()) {
        add("fieldSelector", selector);
    }
    if let Some(token) = token {
        add("continue", token);
    }
    address
}

/// The body of a successful answer; what is an error comes back as kube's own client would have it.
async fn fetch(client: &Client, path: &str, metadata_only: bool) -> Result<BytesMut, kube::Error> {
    let mut request = Request::get(path);
    if metadata_only {
        request = request.header(header::ACCEPT, METADATA);
    }
    let request = request
        .body(Body::empty())
        .map_err(kube::Error::HttpError)?;
    let answer = client.send(request).await?;
    let status = answer.status();
    let bytes = collect(answer).await?;
    if !status.is_client_error() && !status.is_server_error() {
        return Ok(bytes);
    }
    let said = serde_json::from_slice::<Status>(&bytes).unwrap_or_else(|_| {
        // The same words as kube's, so that both kinds of answer are recognised by the same rule.
        Status::failure(
            String::from_utf8_lossy(&bytes).trim(),
            "Failed to parse error data",
        )
    });
    Err(kube::Error::Api(Box::new(said.with_code(status.as_u16()))))
}

/// A whole body. How large it may be, and how long it may take, is the client's to say.
async fn collect(answer: Response<Body>) -> Result<BytesMut, kube::Error> {
    let mut body = answer.into_body();
    let expected = usize::try_from(body.size_hint().lower()).unwrap_or(0);
    let mut bytes = BytesMut::with_capacity(expected.clamp(16 * 1024, 1024 * 1024));
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            bytes.extend_from_slice(&data);
        }
    }
    Ok(bytes)
}

/// Parses one page beside the network.
async fn parse_aside<T, A, F>(
    page: BytesMut,
    value: A,
    fold: Arc<F>,
) -> Result<Parsed<A>, kube::Error>
where
    T: DeserializeOwned + 'static,
    A: Send + 'static,
    F: Fn(&mut A, T) + Send + Sync + 'static,
{
    if page.len() <= PARSE_HERE {
        return parse::<T, A, F>(&page, value, &fold);
    }
    tokio::task::spawn_blocking(move || parse::<T, A, F>(&page, value, &fold))
        .await
        .map_err(|_| kube::Error::from(Fault::Abandoned))?
}

#[cfg(test)]
mod tests;
