//! What to do about an item that ends without an injector, or with two.

use crate::{
    mesh::{
        forecast::Item,
        inject::{Cause, Injected},
    },
    shell,
};

/// What to do about what an item would get, and the command that does it.
pub(super) fn remedy(then: &Injected, item: &Item) -> (String, Option<String>) {
    let command = |template| Some(shell::command(template, &[&item.namespace]));
    let (words, command) = match then {
        Injected::No { cause, .. } => match cause {
            Cause::BothLabels => (
                "choose one of the two labels",
                command("kubectl label namespace {} istio-injection-"),
            ),
            Cause::NoDefault => (
                "put the namespace on a tag, or create the tag default",
                command("kubectl mesh-tag move {} --to TAG"),
            ),
            Cause::UnknownRevision => (
                "put the namespace on a revision or tag that exists",
                command("kubectl mesh-tag move {} --to TAG"),
            ),
            _ => ("do not restart it before an injector takes it again", None),
        },
        Injected::Twice { .. } => (
            "make one of the injectors let go: two tags, or a tag and a revision, claim it",
            None,
        ),
        Injected::By { .. } | Injected::Unknown { .. } => ("", None),
    };
    (words.to_owned(), command)
}
