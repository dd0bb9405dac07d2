//! One GET to a port of a pod, through the API server: what `kubectl port-forward` and curl would fetch.

use std::{pin::pin, time::Duration};

use bytes::Bytes;
use futures::FutureExt;
use http_body_util::{BodyExt, Empty, Limited};
use hyper_util::rt::TokioIo;
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use tokio::io::{AsyncRead, AsyncWrite};

/// What is fetched from a pod.
#[derive(Debug, Clone, Copy)]
pub struct Fetch<'a> {
    /// The pod's name.
    pub pod: &'a str,
    /// Its port.
    pub port: u16,
    /// Path and query, as `/stats/prometheus?filter=rbac`.
    pub path: &'a str,
    /// Most bytes of an answer.
    pub most: usize,
    /// How long it may take.
    pub deadline: Duration,
}

/// Why nothing was fetched.
#[derive(Debug)]
pub enum NotFetched {
    /// The API server did not open the port.
    Refused(Box<kube::Error>),
    /// What then went wrong, in one line. Text of the kubelet's may be in it.
    Failed(String),
}

impl NotFetched {
    /// Whether the answer was longer than what was asked for.
    pub fn is_too_long(&self) -> bool {
        matches!(self, Self::Failed(why) if why == TOO_LONG)
    }
}

/// What is said of an answer with more bytes than may come.
const TOO_LONG: &str = "the answer is too long";

impl Fetch<'_> {
    /// Fetches it.
    ///
    /// # Errors
    /// There is no way to the port, or no answer with success in time.
    pub async fn from(self, pods: &Api<Pod>) -> Result<String, NotFetched> {
        let late = || NotFetched::Failed(format!("no answer in {} s", self.deadline.as_secs()));
        tokio::time::timeout(self.deadline, self.ask(pods))
            .await
            .unwrap_or_else(|_| Err(late()))
    }

    async fn ask(self, pods: &Api<Pod>) -> Result<String, NotFetched> {
        let mut forward = pods
            .portforward(self.pod, &[self.port])
            .await
            .map_err(|e| NotFetched::Refused(Box::new(e)))?;
        let stream = forward
            .take_stream(self.port)
            .ok_or_else(|| NotFetched::Failed("no stream".into()))?;
        let refused = forward.take_error(self.port);
        let said = self.exchange(stream).await;
        // The kubelet's own words, where it has some, say more than that the stream ended.
        said.map_err(|e| {
            let why = refused.and_then(|refused| refused.now_or_never().flatten());
            NotFetched::Failed(why.unwrap_or(e))
        })
    }

    /// One GET over a stream.
    async fn exchange(
        self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    ) -> Result<String, String> {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|e| e.to_string())?;
        let request = http::Request::get(self.path)
            .header(http::header::HOST, "localhost")
            .body(Empty::<Bytes>::new())
            .map_err(|e| e.to_string())?;
        let answering = async {
            let answer = sender
                .send_request(request)
                .await
                .map_err(|e| e.to_string())?;
            if !answer.status().is_success() {
                return Err(format!("HTTP {}", answer.status().as_u16()));
            }
            let body = Limited::new(answer.into_body(), self.most).collect().await;
            let body = body.map_err(|e| {
                let long = e.is::<http_body_util::LengthLimitError>();
                if long { TOO_LONG.into() } else { e.to_string() }
            })?;
            Ok(String::from_utf8_lossy(&body.to_bytes()).into_owned())
        };
        // The connection must be driven for the answer to come. It may well end first: then all of the answer is
        // there already, or the error is.
        let mut answering = pin!(answering);
        tokio::select! {
            biased;
            answer = &mut answering => return answer,
            _ = connection => {}
        }
        answering.await
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test]
    async fn an_answer_that_is_too_long_is_told_from_one_that_broke_off() {
        for (most, length, long) in [(4, 4, false), (3, 4, true), (9, 9, false)] {
            let fetch = Fetch {
                pod: "p",
                port: 1,
                path: "/",
                most,
                deadline: Duration::from_secs(60),
            };
            let (here, mut there) = tokio::io::duplex(1024);
            let answer = async {
                let mut asked = [0; 256];
                assert!(there.read(&mut asked).await.unwrap() > 0);
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\nfour");
                there.write_all(head.as_bytes()).await.unwrap();
                drop(there);
            };
            let (said, ()) = tokio::join!(fetch.exchange(here), answer);
            let failed = said.map_err(NotFetched::Failed);
            assert_eq!(failed.as_ref().is_err_and(NotFetched::is_too_long), long);
            assert_eq!(failed.is_ok(), !long && length == 4, "{failed:?}");
        }
    }
}
