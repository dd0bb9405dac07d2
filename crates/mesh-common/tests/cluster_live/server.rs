//! A server of the tests' own, on 127.0.0.1: reads requests, and answers whatever bytes a test wants, however wrong.

use std::{
    collections::HashMap,
    fmt::Write as _,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

/// One request as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Path and query, or what CONNECT asks for.
    pub(crate) target: String,
    /// Names in lower case; several values of one name joined by a comma.
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

/// What comes back.
pub(crate) struct Answer {
    bytes: Vec<u8>,
    then: Then,
}

enum Then {
    Keep,
    Close,
    Hang,
    /// Pass everything on to this address.
    Tunnel(SocketAddr),
}

impl Answer {
    /// A proper answer.
    pub(crate) fn new(status: u16, kind: &str, extra: &str, body: &str) -> Self {
        let head = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{extra}\r\n",
            body.len()
        );
        Self {
            bytes: (head + body).into_bytes(),
            then: Then::Keep,
        }
    }

    pub(crate) fn json(body: &str) -> Self {
        Self::new(200, "application/json", "", body)
    }

    /// A `Status`, as the API server writes it.
    pub(crate) fn status(code: u16, message: &str, extra: &str) -> Self {
        let body = format!(
            r#"{{"kind":"Status","apiVersion":"v1","status":"Failure","message":{message:?},"code":{code}}}"#
        );
        Self::new(code, "application/json", extra, &body)
    }

    /// Raw bytes, then the connection is closed.
    pub(crate) fn raw(bytes: &str) -> Self {
        Self {
            bytes: bytes.into(),
            then: Then::Close,
        }
    }

    /// These bytes, then nothing ever again.
    pub(crate) fn hang_after(bytes: &str) -> Self {
        Self {
            bytes: bytes.into(),
            then: Then::Hang,
        }
    }

    pub(crate) fn tunnel(to: SocketAddr) -> Self {
        Self {
            bytes: b"HTTP/1.1 200 OK\r\n\r\n".to_vec(),
            then: Then::Tunnel(to),
        }
    }
}

/// A running server. It ends with the runtime of its test.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// A plain HTTP server. The script gets the number of the request, from 0, and the request.
    pub(crate) async fn start(
        script: impl Fn(usize, &Seen) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::run(None, script).await
    }

    /// The same behind TLS.
    pub(crate) async fn start_tls(
        tls: Arc<rustls::ServerConfig>,
        script: impl Fn(usize, &Seen) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::run(Some(TlsAcceptor::from(tls)), script).await
    }

    async fn run(
        tls: Option<TlsAcceptor>,
        script: impl Fn(usize, &Seen) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, script) = (Arc::clone(&seen), Arc::new(script));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (log, script, tls) = (Arc::clone(&log), Arc::clone(&script), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, &log, &*script).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, &log, &*script).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, seen }
    }

    pub(crate) fn http(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn https(&self) -> String {
        format!("https://{}", self.address)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no test panics in here").clone()
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    log: &Mutex<Vec<Seen>>,
    script: &(dyn Fn(usize, &Seen) -> Answer + Send + Sync),
) {
    let mut buffer = Vec::new();
    while let Some(request) = read(&mut stream, &mut buffer).await {
        let answer = {
            let number = {
                let mut log = log.lock().expect("no test panics in here");
                log.push(request.clone());
                log.len() - 1
            };
            script(number, &request)
        };
        if stream.write_all(&answer.bytes).await.is_err() {
            return;
        }
        let _ = stream.flush().await;
        match answer.then {
            Then::Keep => {}
            Then::Close => {
                let _ = stream.shutdown().await;
                return;
            }
            Then::Hang => return std::future::pending().await,
            Then::Tunnel(to) => {
                if let Ok(mut target) = TcpStream::connect(to).await {
                    let _ = tokio::io::copy_bidirectional(&mut stream, &mut target).await;
                }
                return;
            }
        }
    }
}

async fn read<S: AsyncRead + Unpin>(stream: &mut S, buffer: &mut Vec<u8>) -> Option<Seen> {
    let end = loop {
        if let Some(at) = buffer.windows(4).position(|w| w == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
    buffer.drain(..end);
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let mut headers: HashMap<String, String> = HashMap::new();
    for (name, value) in lines.filter_map(|l| l.split_once(':')) {
        let entry = headers.entry(name.to_ascii_lowercase()).or_default();
        let comma = if entry.is_empty() { "" } else { "," };
        let _ = write!(entry, "{comma}{}", value.trim());
    }
    let length: usize = headers
        .get("content-length")
        .and_then(|l| l.parse().ok())
        .unwrap_or(0);
    while buffer.len() < length {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    let body = String::from_utf8_lossy(&buffer[..length]).into_owned();
    buffer.drain(..length);
    Some(Seen {
        method,
        target,
        headers,
        body,
    })
}
