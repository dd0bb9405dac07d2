//! What may stand for an argument: one line here per kind of value, one `add = Values::…` where it is typed.

use clap::builder::ArgExt;

use super::{Offer, local, request::Request, seen::Part};

/// The values of an argument. Attached by `#[arg(add = Values::Tag)]`; paths need none, they are known by their type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    /// A tag that is there.
    Tag,
    /// A tag that is still to be made.
    NewTag,
    /// A revision with an istiod or an injector.
    Revision,
    /// Either: what a namespace can be labelled with.
    TagOrRevision,
    /// A namespace.
    Namespace,
    /// A namespace in which istiod runs.
    IstioNamespace,
    /// A context of the kubeconfig.
    Context,
    /// A cluster entry of the kubeconfig.
    Cluster,
    /// A user entry of the kubeconfig.
    User,
    /// The record of an earlier operation.
    Record,
    /// One of these gates, with the `=` before its reason.
    Gate(&'static [&'static str]),
    /// A version of istioctl in the store.
    Installed,
}

impl ArgExt for Values {}

impl Values {
    /// The values there are, whatever was typed of one.
    pub(super) fn offers(self, request: &Request) -> Vec<Offer> {
        use Part::{Everywhere, Istiods, Namespaces, Records, Wiring};
        match self {
            Self::Tag if request.looks_back() => {
                request.seen(&[Wiring, Namespaces, Records]).tags_ever()
            }
            Self::Tag => request.seen(&[Wiring, Namespaces]).tags(),
            Self::NewTag => request.seen(&[Wiring]).new_tags(),
            Self::Revision => request.seen(&[Wiring, Istiods]).revisions(),
            Self::TagOrRevision => request
                .seen(&[Wiring, Istiods, Namespaces])
                .tags_and_revisions(),
            Self::Namespace => request.seen(&[Namespaces]).namespaces(request.words()),
            Self::IstioNamespace => request.seen(&[Everywhere]).istio_namespaces(),
            Self::Record => request.seen(&[Records]).records(request.words()),
            Self::Context => local::contexts(request),
            Self::Cluster => local::clusters(request),
            Self::User => local::users(request),
            Self::Gate(ids) => local::gates(ids),
            Self::Installed => local::installed(),
        }
    }
}
