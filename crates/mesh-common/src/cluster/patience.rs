//! How long an answer may take, from the first byte to the last.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use kube::client::Body;
use tokio::time::{Instant, Sleep, sleep_until};
use tower::BoxError;

use super::{client::Fault, duration::RequestTimeout};

/// How long the API server may be silent when the user set no limit. Its own limit for a plain request is 60 s, too
/// (`--request-timeout` of kube-apiserver).
const SILENCE: Duration = Duration::from_secs(60);

/// What limits a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    /// `--request-timeout`: from sending to the last byte, retries included.
    Total(Duration),
    /// Without the flag: this long without a byte. A long list on a slow line may take longer as a whole.
    Silence(Duration),
    /// `--request-timeout=0`.
    Endless,
}

impl Patience {
    pub(super) fn of(flag: Option<RequestTimeout>) -> Self {
        match flag.map(RequestTimeout::limit) {
            None => Self::Silence(SILENCE),
            Some(Some(limit)) => Self::Total(limit),
            Some(None) => Self::Endless,
        }
    }

    /// When to give up waiting for the first byte of the answer to a request begun then.
    pub(super) fn first_byte(self, begun: Instant) -> Option<Instant> {
        match self {
            Self::Total(limit) => begun.checked_add(limit),
            Self::Silence(limit) => Instant::now().checked_add(limit),
            Self::Endless => None,
        }
    }

    /// The limit in words and as data.
    pub(super) fn limit(self) -> Duration {
        match self {
            Self::Total(limit) | Self::Silence(limit) => limit,
            Self::Endless => Duration::MAX,
        }
    }

    /// A limit no longer than this for making the connection: an address that swallows packets should not take a minute.
    pub(super) fn connect(self) -> Duration {
        const CONNECT: Duration = Duration::from_secs(10);
        match self {
            Self::Total(limit) => limit.min(CONNECT),
            Self::Silence(_) | Self::Endless => CONNECT,
        }
    }
}

/// An answer's body under the same limit as its request.
pub(super) struct PatientBody {
    inner: Body,
    alarm: Option<Pin<Box<Sleep>>>,
    patience: Patience,
}

impl PatientBody {
    pub(super) fn new(inner: Body, patience: Patience, begun: Instant) -> Self {
        let alarm = patience
            .first_byte(begun)
            .map(|at| Box::pin(sleep_until(at)));
        Self {
            inner,
            alarm,
            patience,
        }
    }

    /// A body that may take as long as it likes: an upgraded connection, a watch, a followed log.
    pub(super) fn unlimited(inner: Body) -> Self {
        Self {
            inner,
            alarm: None,
            patience: Patience::Endless,
        }
    }
}

impl HttpBody for PatientBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.inner)
            .poll_frame(cx)
            .map_err(BoxError::from);
        if let Some(alarm) = &mut this.alarm {
            match (&polled, this.patience) {
                (Poll::Ready(_), Patience::Silence(limit)) => {
                    if let Some(at) = Instant::now().checked_add(limit) {
                        alarm.as_mut().reset(at);
                    }
                }
                (Poll::Ready(_), _) => {}
                (Poll::Pending, patience) => {
                    if alarm.as_mut().poll(cx).is_ready() {
                        let fault = Fault::Slow {
                            limit: patience.limit(),
                            begun: true,
                        };
                        return Poll::Ready(Some(Err(fault.into())));
                    }
                }
            }
        }
        polled
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }
}
