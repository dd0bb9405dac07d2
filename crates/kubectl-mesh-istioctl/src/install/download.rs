//! A file over HTTP: bounded, resumed where it was cut, and nothing believed but its bytes.

use std::{
    fs::File,
    io::{self, Seek as _, SeekFrom, Write as _},
};

use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use mesh_common::{
    Error, Result,
    cluster::web::{Answer, Web, shown},
    istioctl::store::hex,
    output::Printer,
};
use sha2::{Digest as _, Sha256};

use super::url::{failed, login, next, place};
use crate::release::looks_like_html;

/// Redirects that are followed: a release of GitHub takes one.
const REDIRECTS: usize = 5;

/// How often a download may be cut. Each resumes where the last one ended.
const CUTS: usize = 5;

/// Reads files from one mirror.
pub(super) struct Download<'a> {
    web: Web,
    printer: &'a Printer,
    /// `Authorization` for the mirror itself, not for where it redirects to.
    login: Option<(String, HeaderValue)>,
}

/// Why there is no file.
pub(super) enum Failed {
    /// The server has none.
    NotFound,
    /// Anything else, worded.
    Error(Error),
}

impl From<Error> for Failed {
    fn from(e: Error) -> Self {
        Self::Error(e)
    }
}

/// What was written to the file.
pub(super) struct Fetched {
    /// Its SHA-256, in hex.
    pub(super) sha256: String,
}

/// A file that is being fetched.
struct Partial<'f> {
    file: &'f mut File,
    hasher: Sha256,
    have: u64,
    /// Its size, once a server said so.
    total: Option<u64>,
    /// What tells that a later answer is of the same file.
    etag: Option<HeaderValue>,
    most: u64,
}

impl Partial<'_> {
    fn restart(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.hasher = Sha256::new();
        self.have = 0;
        Ok(())
    }
}

impl<'a> Download<'a> {
    /// Reads below this URL; a user name and password in it are for its host alone.
    pub(super) fn new(base: &Uri, printer: &'a Printer) -> Self {
        Self {
            web: Web::of_this_process(),
            printer,
            login: login(base),
        }
    }

    /// Fetches a file of at most `most` bytes.
    pub(super) async fn fetch(
        &mut self,
        url: &Uri,
        file: &mut File,
        most: u64,
        what: &str,
    ) -> Result<Fetched, Failed> {
        let mut partial = Partial {
            file,
            hasher: Sha256::new(),
            have: 0,
            total: None,
            etag: None,
            most,
        };
        let fetched = self.whole(url, &mut partial, what).await;
        self.printer.progress("");
        fetched?;
        Ok(Fetched {
            sha256: hex(&partial.hasher.finalize()),
        })
    }

    /// As often as it takes, [`CUTS`] times at most.
    async fn whole(&mut self, url: &Uri, part: &mut Partial<'_>, what: &str) -> Result<(), Failed> {
        let mut cuts = 0;
        loop {
            let Some(why) = self.once(url, part, what).await? else {
                return Ok(());
            };
            cuts += 1;
            if cuts > CUTS || part.have == 0 && cuts > 1 {
                let got = match part.have {
                    0 => String::new(),
                    have => format!(" after {} of {what}", mebi(have)),
                };
                return Err(failed(url, &format!("{why}{got}"))
                    .hint("without a way there, use --mirror URL or --from-file PATH")
                    .into());
            }
        }
    }

    /// One request, and its answer to the end. Some is why it ended early.
    async fn once(
        &mut self,
        url: &Uri,
        part: &mut Partial<'_>,
        what: &str,
    ) -> Result<Option<String>, Failed> {
        let mut headers = HeaderMap::new();
        if part.have > 0
            && let Ok(range) = HeaderValue::from_str(&format!("bytes={}-", part.have))
        {
            headers.insert(header::RANGE, range);
            if let Some(etag) = &part.etag {
                headers.insert(header::IF_RANGE, etag.clone());
            }
        }
        let (mut answer, url) = match self.follow(url, headers).await? {
            Ok(found) => found,
            Err(why) => return Ok(Some(why)),
        };
        if !begin(&answer, part, &url)? {
            return Ok(Some("the file changed while it was read".into()));
        }
        loop {
            let chunk = match answer.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                Err(why) => return Ok(Some(why.to_string())),
            };
            if part.have == 0 && looks_like_html(&chunk) {
                return Err(page(&url).into());
            }
            part.have += chunk.len() as u64;
            if part.have > part.most {
                return Err(too_large(&url, part.most).into());
            }
            part.file
                .write_all(&chunk)
                .map_err(|e| super::cannot_write(&e))?;
            part.hasher.update(&chunk);
            self.progress(part, what);
        }
        let short = part.total.is_some_and(|total| part.have < total);
        Ok(short.then(|| "the answer was cut off".to_owned()))
    }

    /// The answer behind all redirects, and where it is.
    async fn follow(
        &mut self,
        url: &Uri,
        headers: HeaderMap,
    ) -> Result<Result<(Answer, Uri), String>> {
        let mut at = url.clone();
        for _ in 0..=REDIRECTS {
            let mut headers = headers.clone();
            if let Some((host, login)) = &self.login
                && place(&at) == *host
            {
                headers.insert(header::AUTHORIZATION, login.clone());
            }
            let answer =
                match self.web.get(&at, headers).await.map_err(|e| {
                    Error::new(e.kind(), format!("cannot fetch {}: {e}", shown(&at)))
                })? {
                    Ok(answer) => answer,
                    Err(why) => return Ok(Err(why.to_string())),
                };
            if !answer.head.status.is_redirection() {
                return Ok(Ok((answer, at)));
            }
            at = next(&at, &answer.head.headers)?;
        }
        Err(failed(url, "it redirects in a circle"))
    }

    fn progress(&self, part: &Partial<'_>, what: &str) {
        let of = match part.total {
            Some(total) if total > 0 => format!(
                "{} of {}, {} %",
                mebi(part.have),
                mebi(total),
                part.have * 100 / total
            ),
            _ => mebi(part.have),
        };
        self.printer.progress(&format!("{what}: {of}"));
    }
}

/// Looks at the head of an answer. False when it is not the rest of what is there already, which is then dropped.
fn begin(answer: &Answer, part: &mut Partial<'_>, url: &Uri) -> Result<bool, Failed> {
    let headers = &answer.head.headers;
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let length: Option<u64> = text(header::CONTENT_LENGTH).and_then(|v| v.trim().parse().ok());
    let part_of = text(header::CONTENT_RANGE).and_then(range);
    match answer.head.status {
        StatusCode::OK => {
            if text(header::CONTENT_TYPE).is_some_and(|v| v.trim_start().starts_with("text/html")) {
                return Err(page(url).into());
            }
            part.restart().map_err(|e| super::cannot_write(&e))?;
            part.total = length;
        }
        StatusCode::PARTIAL_CONTENT if part_of.is_some_and(|(from, _)| from == part.have) => {
            part.total = part_of.and_then(|(_, total)| total);
        }
        StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE if part.have > 0 => {
            part.restart().map_err(|e| super::cannot_write(&e))?;
            part.etag = None;
            return Ok(false);
        }
        StatusCode::NOT_FOUND | StatusCode::GONE => return Err(Failed::NotFound),
        status if status.is_server_error() && part.have > 0 => return Ok(false),
        status => {
            let hint = match status {
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                    "the mirror wants a login, or does not let you"
                }
                StatusCode::TOO_MANY_REQUESTS => "try again later, or use --mirror",
                _ => "use --mirror or --from-file",
            };
            return Err(failed(url, &format!("the answer is {}", word(status)))
                .hint(hint)
                .into());
        }
    }
    if part.total.is_some_and(|total| total > part.most) {
        return Err(too_large(url, part.most).into());
    }
    // A weak one does not vouch for each byte.
    part.etag = headers
        .get(header::ETAG)
        .filter(|tag| !tag.as_bytes().starts_with(b"W/"))
        .cloned();
    Ok(true)
}

/// `bytes 100-999/1000`: where a part begins, and the size of the whole.
fn range(text: &str) -> Option<(u64, Option<u64>)> {
    let (span, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (from, _) = span.split_once('-')?;
    Some((from.trim().parse().ok()?, total.trim().parse().ok()))
}

fn page(url: &Uri) -> Error {
    failed(url, "a web page came in place of the file")
        .hint("a login page of the network or a proxy answers: log in there, or use --mirror or --from-file")
}

fn too_large(url: &Uri, most: u64) -> Error {
    failed(url, &format!("it has more than {}", mebi(most)))
}

fn word(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

/// Bytes as a person reads them.
fn mebi(bytes: u64) -> String {
    match bytes {
        0..1_048_576 => format!("{} KiB", bytes.div_ceil(1024)),
        _ => format!("{}.{} MiB", bytes >> 20, ((bytes % (1 << 20)) * 10) >> 20),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        for (text, want) in [
            ("bytes 100-999/1000", Some((100, Some(1000)))),
            ("bytes 0-9/*", Some((0, None))),
            ("bytes */1000", None),
            ("items 0-9/10", None),
            ("", None),
        ] {
            assert_eq!(range(text), want, "{text}");
        }
    }

    #[test]
    fn sizes() {
        for (bytes, text) in [
            (0, "0 KiB"),
            (1, "1 KiB"),
            (1_048_576, "1.0 MiB"),
            (30_408_704, "29.0 MiB"),
        ] {
            assert_eq!(mebi(bytes), text);
        }
    }
}
