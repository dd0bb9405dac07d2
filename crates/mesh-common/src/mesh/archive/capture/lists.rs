//! Reads lists into the archive: each is asked for once, several side by side.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures::{StreamExt as _, TryStreamExt as _, stream};
use kube::Client;
use serde_json::value::RawValue;

use super::sink::{Of, Sink};
use crate::{
    cluster::{Connection, ListQuery, is_absent, list_pages},
    error::Result,
    mesh::{
        Why,
        archive::{
            Unread,
            format::{ISTIO, ReadList},
        },
        kinds::{Kind, is_saved},
        live,
        wire::{Scope, list_path},
    },
};

/// Lists on the wire at once. Each holds two pages of 500 objects, and ten thousand pods come in pages of 7 MB.
pub(super) const AT_ONCE: usize = 3;

/// With more namespaces than this, one list of all of them costs less than a list of each.
const PLACES: usize = 8;

/// One capture.
pub(super) struct Capture<'a> {
    pub(super) conn: &'a Connection,
    pub(super) client: &'a Client,
    pub(super) sink: Arc<Mutex<Sink>>,
}

/// How much of a kind is asked for.
#[derive(Debug, Clone, Default)]
struct Part {
    namespace: Option<String>,
    /// Whether only what is Istio's own is kept.
    select: bool,
    fields: Option<String>,
}

impl Capture<'_> {
    pub(super) fn sink(&self) -> MutexGuard<'_, Sink> {
        self.sink.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The namespace of istiod.
    pub(super) fn home(&self) -> &str {
        &self.conn.istio_namespace
    }

    /// Reads these kinds, all that a mesh is made of them.
    pub(super) async fn kinds(&self, kinds: Vec<Kind>) -> Result<()> {
        self.sink().progress.of += kinds.len();
        stream::iter(kinds)
            .map(Ok)
            .try_for_each_concurrent(AT_ONCE, |kind| async move {
                self.kind(&kind).await?;
                self.done(&kind);
                Ok(())
            })
            .await
    }

    /// Reads kinds that everybody uses: in Istio's namespace as a whole where they are `whole`, and elsewhere what is
    /// Istio's own.
    pub(super) async fn shared(&self, kinds: Vec<(Kind, bool)>) -> Result<()> {
        self.sink().progress.of += kinds.len();
        let places = self.sink().own.elsewhere();
        stream::iter(kinds)
            .map(Ok)
            .try_for_each_concurrent(AT_ONCE, |(kind, whole)| {
                let places = &places;
                async move {
                    self.own(&kind, whole, places).await?;
                    self.done(&kind);
                    Ok(())
                }
            })
            .await
    }

    fn done(&self, kind: &Kind) {
        let mut sink = self.sink();
        sink.progress.kinds += 1;
        sink.tell(&kind.what());
    }

    async fn kind(&self, kind: &Kind) -> Result<()> {
        let first = Part {
            namespace: match kind.scope {
                Scope::IstioNamespace => Some(self.home().to_owned()),
                Scope::Cluster | Scope::All => None,
            },
            ..Part::default()
        };
        let Some(unread) = self.list(kind, &first).await? else {
            return Ok(());
        };
        // What may not be read everywhere may still be read where istiod is.
        let narrower = kind.scope == Scope::All && unread.why == Why::Forbidden;
        self.sink().unread(unread);
        if narrower {
            let local = Part {
                namespace: Some(self.home().to_owned()),
                ..Part::default()
            };
            self.list(kind, &local).await?;
        }
        Ok(())
    }

    async fn own(&self, kind: &Kind, whole: bool, places: &BTreeSet<String>) -> Result<()> {
        let selected = |namespace: Option<&String>| Part {
            namespace: namespace.cloned(),
            select: true,
            fields: None,
        };
        if kind.scope == Scope::Cluster {
            return self.noted(kind, &selected(None)).await;
        }
        if whole {
            let local = Part {
                namespace: Some(self.home().to_owned()),
                ..Part::default()
            };
            self.noted(kind, &local).await?;
        }
        if places.len() > PLACES {
            let everywhere = Part {
                fields: Some(format!("metadata.namespace!={}", self.home())),
                ..selected(None)
            };
            match self.list(kind, &everywhere).await? {
                None => return Ok(()),
                // Then each of them.
                Some(unread) if unread.why == Why::Forbidden => {}
                Some(unread) => {
                    self.sink().unread(unread);
                    return Ok(());
                }
            }
        }
        for place in places {
            self.noted(kind, &selected(Some(place))).await?;
        }
        Ok(())
    }

    /// Reads one list, or notes why it could not.
    async fn noted(&self, kind: &Kind, part: &Part) -> Result<()> {
        if let Some(unread) = self.list(kind, part).await? {
            self.sink().unread(unread);
        }
        Ok(())
    }

    /// Reads one list into the archive; gives back why it could not.
    async fn list(&self, kind: &Kind, part: &Part) -> Result<Option<Unread>> {
        let what = kind.what();
        let namespace = part.namespace.as_deref();
        for version in &kind.versions {
            let of =
                Of::new(&kind.group, version, &kind.resource, &kind.name).selecting(part.select);
            let path = list_path(&kind.group, version, &kind.resource, namespace);
            let query = ListQuery {
                field_selector: part.fields.clone(),
                ..kind.query.clone()
            };
            let (begun, written) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
            let (sink, count) = (Arc::clone(&self.sink), Arc::clone(&written));
            let listed = list_pages(
                self.client,
                &path,
                &query,
                || {
                    begun.fetch_add(1, Ordering::Relaxed);
                },
                move |(), item: Box<RawValue>| {
                    let mut sink = sink.lock().unwrap_or_else(PoisonError::into_inner);
                    if sink.object(&of, item.get()) {
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                },
            )
            .await;
            if let Some(failure) = self.sink().failure.take() {
                return Err(failure);
            }
            match listed {
                Ok(_) => {
                    self.sink().writer.complete(ReadList {
                        what,
                        version: version.clone(),
                        namespace: part.namespace.clone(),
                        objects: written.load(Ordering::Relaxed),
                        selector: query.label_selector,
                        selection: part.select.then(|| ISTIO.into()),
                        read_again: begun.load(Ordering::Relaxed) > 1,
                    });
                    return Ok(None);
                }
                Err(e) if kind.optional && is_absent(&e) => {}
                Err(e) => {
                    let (gap, _) = live::gap_of(&e, self.conn, &what, &kind.resource, namespace);
                    return Ok(Some(Unread {
                        what,
                        why: gap.why,
                        detail: gap.detail,
                    }));
                }
            }
        }
        let why = if is_saved(&kind.group) {
            ": their CRD is not installed"
        } else {
            ""
        };
        Ok(Some(Unread {
            why: Why::NotServed,
            detail: format!("{what} are not served{why}"),
            what,
        }))
    }
}
