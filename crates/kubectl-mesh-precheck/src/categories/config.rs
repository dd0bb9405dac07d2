//! What the target changes for this mesh.

mod changes;
mod crds;
mod filters;
mod versions;

use crate::{
    check::{Category, Check, Verdict},
    facts::Facts,
};

const fn check(code: &'static str, title: &'static str, run: fn(&Facts) -> Verdict) -> Check {
    Check {
        code,
        title,
        category: Category::Configuration,
        fatal: false,
        heals: false,
        run,
    }
}

pub(super) const CHECKS: &[Check] = &[
    check(changes::CHANGES, "changed by a release", changes::changes),
    check(changes::VALUES, "install values", changes::values),
    check(filters::FILTERS, "EnvoyFilters", filters::filters),
    check(filters::PLUGINS, "WasmPlugins", filters::plugins),
    check(versions::USED, "API versions in use", versions::used),
    check(crds::STORED, "CRDs", crds::stored),
    check(crds::GATEWAY_API, "Gateway API", crds::gateway_api),
];

#[cfg(test)]
mod tests;
