//! A proxy in front of the API server that goes wrong on demand: kills a process between two of its writes, fails a
//! request, or holds one until the test says so.
//!
//! It speaks plain HTTP and is the user it was started for: whoever talks to it needs no credentials. Writes are
//! numbered from 1 in the order they came in, whoever sent them; dry runs and reviews are none.

use std::{
    convert::Infallible,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use http::{Method, Request, Response, StatusCode, header};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use rustix::process::{Pid, Signal, kill_process};
use tokio::{net::TcpListener, sync::watch, task::AbortHandle};

use crate::{Result, runtime};

mod rules;
mod upstream;

pub use rules::{Failure, When};
use upstream::{Body, Upstream};

/// How long a test waits for something that has to happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// The proxy. Stops when dropped.
pub struct ChaosProxy {
    state: Arc<State>,
    kubeconfig: PathBuf,
    task: AbortHandle,
    _dir: tempfile::TempDir,
}

/// One request that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its number among all requests, from 1.
    pub at: usize,
    /// Its number, if it is a write.
    pub n: Option<usize>,
    /// `PATCH`.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// What the API server answered; `None` while there is no answer, or when it was never asked.
    pub status: Option<u16>,
    /// The User-Agent: `kubectl-mesh/…` is a plugin, nothing at all the stand-in istioctl.
    pub user_agent: String,
}

/// A rule that holds requests.
#[derive(Debug)]
pub struct Gate {
    held: watch::Receiver<usize>,
    open: watch::Sender<bool>,
}

impl Gate {
    /// Waits until a request is held here.
    #[track_caller]
    pub fn reached(&self) {
        self.reaches(1);
    }

    /// Waits until so many requests are held here.
    #[track_caller]
    pub fn reaches(&self, many: usize) {
        let mut held = self.held.clone();
        let reached = runtime::run(async move {
            let enough = held.wait_for(|n| *n >= many);
            tokio::time::timeout(PATIENCE, enough).await.is_ok()
        });
        assert!(
            reached,
            "{} requests came to the gate in {PATIENCE:?}, not {many}",
            self.count()
        );
    }

    /// How many requests are held, or were.
    pub fn count(&self) -> usize {
        *self.held.borrow()
    }

    /// Lets go what is held, and whatever comes later.
    pub fn release(&self) {
        self.open.send_replace(true);
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.release();
    }
}

#[derive(Debug, Clone)]
enum Act {
    KillBefore,
    KillAfter,
    Fail(Failure),
    Hold {
        held: watch::Sender<usize>,
        open: watch::Receiver<bool>,
    },
}

struct State {
    upstream: Upstream,
    seen: Mutex<Vec<Seen>>,
    rules: Mutex<Vec<(When, Act)>>,
    victim: watch::Sender<Option<u32>>,
}

impl ChaosProxy {
    /// Starts one in front of the API server of this kubeconfig, as its user.
    #[track_caller]
    pub fn start(kubeconfig: &Path) -> Self {
        Self::try_start(kubeconfig).unwrap_or_else(|e| panic!("the proxy does not start: {e}"))
    }

    fn try_start(kubeconfig: &Path) -> Result<Self> {
        let upstream = Upstream::of(&std::fs::read_to_string(kubeconfig)?)?;
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let server = format!("http://{}", listener.local_addr()?);
        let dir = tempfile::Builder::new().prefix("mesh-chaos-").tempdir()?;
        let path = dir.path().join("kubeconfig");
        std::fs::write(&path, upstream.kubeconfig(&server).to_string())?;
        let listener = {
            let _runtime = runtime::enter();
            TcpListener::from_std(listener)?
        };
        let state = Arc::new(State {
            upstream,
            seen: Mutex::default(),
            rules: Mutex::default(),
            victim: watch::Sender::new(None),
        });
        let shared = state.clone();
        let task = runtime::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(TokioIo::new(stream), shared.clone()));
            }
        });
        Ok(Self {
            state,
            kubeconfig: path,
            task,
            _dir: dir,
        })
    }

    /// A kubeconfig that leads here; context `lab`.
    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    /// What came in so far, in order.
    pub fn requests(&self) -> Vec<Seen> {
        lock(&self.state.seen).clone()
    }

    /// The writes among them.
    pub fn writes(&self) -> Vec<Seen> {
        let mut writes = self.requests();
        writes.retain(|seen| seen.n.is_some());
        writes
    }

    /// Forgets what came in, and every rule: the next write is number 1. What is held stays held.
    pub fn clear(&self) {
        lock(&self.state.seen).clear();
        lock(&self.state.rules).clear();
    }

    /// Names the process that kill rules kill. A request that is to kill it waits until it is named, so a process may
    /// be named after it was started.
    pub fn victim(&self, pid: u32) {
        self.state.victim.send_replace(Some(pid));
    }

    /// Kills the victim (SIGKILL) when this request was answered, and before it learns of the answer.
    pub fn kill_after(&self, when: When) {
        self.rule(when, Act::KillAfter);
    }

    /// Kills the victim when this request came in, and sends it on all the same only if the victim is not its sender:
    /// it is answered by nobody.
    pub fn kill_before(&self, when: When) {
        self.rule(when, Act::KillBefore);
    }

    /// Answers these requests instead of the API server.
    pub fn fail(&self, when: When, how: Failure) {
        self.rule(when, Act::Fail(how));
    }

    /// Holds these requests until the gate is released or dropped.
    #[must_use]
    pub fn hold(&self, when: When) -> Gate {
        let (held, is_held) = watch::channel(0);
        let (open, is_open) = watch::channel(false);
        self.rule(
            when,
            Act::Hold {
                held,
                open: is_open,
            },
        );
        Gate {
            held: is_held,
            open,
        }
    }

    fn rule(&self, when: When, act: Act) {
        lock(&self.state.rules).push((when, act));
    }
}

impl Drop for ChaosProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl std::fmt::Debug for ChaosProxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChaosProxy")
            .field("requests", &self.requests())
            .finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(stream: TokioIo<tokio::net::TcpStream>, state: Arc<State>) {
    let service = service_fn(move |request| {
        let state = state.clone();
        async move { state.handle(request).await }
    });
    let http = hyper::server::conn::http1::Builder::new();
    drop(http.serve_connection(stream, service).with_upgrades().await);
}

impl State {
    /// An error closes the connection.
    async fn handle(&self, request: Request<Incoming>) -> io::Result<Response<Body>> {
        let (place, seen) = self.note(&request);
        let rules = lock(&self.rules).clone();
        let acts: Vec<Act> = rules
            .into_iter()
            .filter(|(when, _)| when.holds(&seen))
            .map(|(_, act)| act)
            .collect();
        for act in &acts {
            match act {
                Act::Fail(Failure::Closed) => return Err(io::Error::other("told to close it")),
                Act::Fail(how) => return Ok(failure(how)),
                Act::Hold { held, open } => {
                    held.send_modify(|n| *n += 1);
                    // An error means that the gate is gone, which opens it.
                    let _ = open.clone().wait_for(|open| *open).await;
                }
                Act::KillBefore => {
                    self.kill().await;
                    // Nobody is there to be answered; hyper ends this when the connection closes.
                    let never: Infallible = std::future::pending().await;
                    match never {}
                }
                Act::KillAfter => {}
            }
        }
        let sent = self.upstream.send(request).await;
        let response = sent.map_err(|e| io::Error::other(e.to_string()))?;
        if let Some(seen) = lock(&self.seen).get_mut(place) {
            seen.status = Some(response.status().as_u16());
        }
        if acts.iter().any(|act| matches!(act, Act::KillAfter)) {
            self.kill().await;
        }
        Ok(response)
    }

    /// Numbers a request and writes it down; its place in the list.
    fn note(&self, request: &Request<Incoming>) -> (usize, Seen) {
        let mut all = lock(&self.seen);
        let path = request.uri().to_string();
        let is_write = is_write(request.method(), &path);
        let n = all.iter().filter(|s| s.n.is_some()).count() + 1;
        let agent = request.headers().get(header::USER_AGENT);
        let seen = Seen {
            at: all.len() + 1,
            n: is_write.then_some(n),
            method: request.method().to_string(),
            path,
            status: None,
            user_agent: agent
                .and_then(|a| a.to_str().ok())
                .unwrap_or_default()
                .to_owned(),
        };
        all.push(seen.clone());
        (all.len() - 1, seen)
    }

    /// A process that is killed runs no more of its own code, so it cannot see what is sent to it after this.
    async fn kill(&self) {
        let mut victim = self.victim.subscribe();
        let Ok(pid) = victim.wait_for(Option::is_some).await.map(|pid| *pid) else {
            return;
        };
        if let Some(pid) = pid.and_then(|pid| Pid::from_raw(pid.cast_signed())) {
            // It may have ended by itself.
            let _gone = kill_process(pid, Signal::KILL);
        }
    }
}

/// Whether a request changes what is stored.
fn is_write(method: &Method, uri: &str) -> bool {
    let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
    let dry = query.split('&').any(|p| p.starts_with("dryRun=A"));
    let review = path.starts_with("/apis/authorization.k8s.io/")
        || path.starts_with("/apis/authentication.k8s.io/");
    let stream = ["/portforward", "/exec", "/attach", "/token"]
        .iter()
        .any(|end| path.ends_with(end));
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) && !dry && !review && !stream
}

fn failure(how: &Failure) -> Response<Body> {
    let (status, kind, text) = match how {
        Failure::Status(code) => {
            let status = serde_json::json!({
                "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
                "message": "the proxy of the test was told to fail", "code": code,
                "reason": match code {
                    401 => "Unauthorized", 403 => "Forbidden", 409 => "Conflict", 429 => "TooManyRequests",
                    503 => "ServiceUnavailable", 504 => "Timeout", _ => "InternalError",
                },
            });
            (*code, "application/json", status.to_string())
        }
        Failure::Html(code) => (
            *code,
            "text/html",
            "<html><body><h1>Bad Gateway</h1></body></html>".to_owned(),
        ),
        Failure::Closed => (500, "text/plain", String::new()),
    };
    let mut response = Response::new(upstream::full(text));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    if matches!(status, 429 | 503) {
        headers.insert(header::RETRY_AFTER, header::HeaderValue::from_static("1"));
    }
    response
}

#[cfg(test)]
mod tests;
