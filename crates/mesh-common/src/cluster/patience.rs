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

/// The largest answer that we are ready to hold.
pub(super) const MAX_ANSWER: usize = 256 * 1024 * 1024;
/// What is read of an error's text. Longer ones are no `Status`.
const MAX_ERROR: usize = 64 * 1024;

/// An answer's body: under the same time limit as its request, and no longer than we are ready to hold.
pub(super) struct PatientBody {
    inner: Body,
    alarm: Option<Pin<Box<Sleep>>>,
    patience: Patience,
    room: usize,
    /// Whether a body that needs more room ends there (an error's text) or fails.
    cut: bool,
}

impl PatientBody {
    /// The body of an answer to a request begun then.
    pub(super) fn new(inner: Body, patience: Patience, begun: Instant, is_error: bool) -> Self {
        Self {
            inner,
            alarm: patience
                .first_byte(begun)
                .map(|at| Box::pin(sleep_until(at))),
            patience,
            room: if is_error { MAX_ERROR } else { MAX_ANSWER },
            cut: is_error,
        }
    }

    /// A body that may take as long as it likes: an upgraded connection, a watch, a followed log.
    pub(super) fn unlimited(inner: Body) -> Self {
        Self {
            inner,
            alarm: None,
            patience: Patience::Endless,
            room: usize::MAX,
            cut: false,
        }
    }

    /// The frame, if there is room for it.
    fn admit(&mut self, mut frame: Frame<Bytes>) -> Option<Result<Frame<Bytes>, BoxError>> {
        if let Some(data) = frame.data_mut() {
            if data.len() > self.room {
                if !self.cut {
                    return Some(Err(Fault::TooLarge { limit: MAX_ANSWER }.into()));
                }
                data.truncate(self.room);
                if data.is_empty() {
                    return None;
                }
            }
            self.room -= data.len();
        }
        Some(Ok(frame))
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
        match Pin::new(&mut this.inner).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                if let (Some(alarm), Patience::Silence(limit)) = (&mut this.alarm, this.patience)
                    && let Some(at) = Instant::now().checked_add(limit)
                {
                    alarm.as_mut().reset(at);
                }
                Poll::Ready(this.admit(frame))
            }
            Poll::Ready(Some(Err(e))) => Poll::Ready(Some(Err(e.into()))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => {
                if let Some(alarm) = &mut this.alarm
                    && alarm.as_mut().poll(cx).is_ready()
                {
                    let limit = this.patience.limit();
                    return Poll::Ready(Some(Err(Fault::Slow { limit, begun: true }.into())));
                }
                Poll::Pending
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        if self.cut {
            SizeHint::default()
        } else {
            self.inner.size_hint()
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }
}
