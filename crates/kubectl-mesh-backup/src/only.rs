//! `--only KIND/NS/NAME`: the part of an archive that is meant.

use std::sync::atomic::{AtomicBool, Ordering};

use mesh_common::{Error, Kind, Result, output::clean};

use crate::kind::{is_meant, may_be_meant};

/// The objects that are meant: all of them, or those that one of the filters names.
#[derive(Debug, Default)]
pub(crate) struct Only {
    filters: Vec<Filter>,
}

/// `KIND`, `KIND/NAMESPACE`, `KIND/NAMESPACE/NAME`; `KIND/NAME` for kinds without a namespace.
#[derive(Debug)]
struct Filter {
    typed: String,
    kind: String,
    first: Option<String>,
    second: Option<String>,
    met: AtomicBool,
}

impl Only {
    /// What was typed; nothing typed means everything.
    ///
    /// # Errors
    /// A filter of no such form.
    pub(crate) fn parse(typed: &[String]) -> Result<Self> {
        let filters = typed
            .iter()
            .map(|one| {
                Filter::parse(one).ok_or_else(|| {
                    Error::new(
                        Kind::Usage,
                        format!(
                            "{} is no KIND, KIND/NAMESPACE or KIND/NAMESPACE/NAME",
                            clean(one, 300)
                        ),
                    )
                    .hint("--only virtualservices/payments/checkout, or --only vs/payments, or --only namespaces/payments")
                })
            })
            .collect::<Result<_>>()?;
        Ok(Self { filters })
    }

    /// Whether everything is meant.
    pub(crate) fn is_everything(&self) -> bool {
        self.filters.is_empty()
    }

    /// Whether an object is meant: `what` is `pods` or `deployments.apps`, `kind` is `Deployment`.
    pub(crate) fn matches(
        &self,
        what: &str,
        kind: &str,
        namespace: Option<&str>,
        name: &str,
    ) -> bool {
        let mut any = self.filters.is_empty();
        // Every one is asked, so that each is known to have met something.
        for filter in &self.filters {
            if filter.matches(what, kind, namespace, name) {
                filter.met.store(true, Ordering::Relaxed);
                any = true;
            }
        }
        any
    }

    /// Whether objects of this resource may be meant, of which none is known.
    pub(crate) fn may_be(&self, what: &str) -> bool {
        self.is_everything()
            || self
                .filters
                .iter()
                .any(|f| f.kind == "*" || may_be_meant(&f.kind, what))
    }

    /// Filters that no object asked about has met, as they were typed.
    pub(crate) fn unmet(&self) -> Vec<&str> {
        self.filters
            .iter()
            .filter(|f| !f.met.load(Ordering::Relaxed))
            .map(|f| f.typed.as_str())
            .collect()
    }
}

impl Filter {
    fn parse(typed: &str) -> Option<Self> {
        let parts: Vec<&str> = typed.split('/').collect();
        if parts.iter().any(|part| part.trim().is_empty()) {
            return None;
        }
        let (kind, first, second) = match parts[..] {
            [kind] => (kind, None, None),
            [kind, first] => (kind, Some(first), None),
            [kind, first, second] => (kind, Some(first), Some(second)),
            _ => return None,
        };
        // `*` is any, in each place.
        let part = |part: Option<&str>| part.filter(|p| *p != "*").map(str::to_owned);
        Some(Self {
            typed: typed.to_owned(),
            kind: kind.to_owned(),
            first: part(first),
            second: part(second),
            met: AtomicBool::new(false),
        })
    }

    fn matches(&self, what: &str, kind: &str, namespace: Option<&str>, name: &str) -> bool {
        let is = |want: &Option<String>, have: &str| want.as_ref().is_none_or(|w| w == have);
        (self.kind == "*" || is_meant(&self.kind, what, kind))
            && match namespace {
                Some(namespace) => is(&self.first, namespace) && is(&self.second, name),
                None => is(&self.first, name) && self.second.is_none(),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(typed: &[&str]) -> Only {
        let typed: Vec<String> = typed.iter().map(|t| (*t).to_owned()).collect();
        Only::parse(&typed).unwrap()
    }

    #[test]
    fn what_is_meant() {
        const VS: (&str, &str) = ("virtualservices.networking.istio.io", "VirtualService");
        let in_payments = (VS.0, VS.1, Some("payments"), "checkout");
        let namespace = ("namespaces", "Namespace", None, "payments");
        let table = [
            (&[][..], in_payments, true),
            (&["vs"], in_payments, true),
            (&["VirtualService/payments"], in_payments, true),
            (&["vs/payments/checkout"], in_payments, true),
            (&["vs/payments/*"], in_payments, true),
            (&["vs/*/checkout"], in_payments, true),
            (&["*/payments"], in_payments, true),
            (&["*"], in_payments, true),
            (&["vs/payments/cart"], in_payments, false),
            (&["vs/orders"], in_payments, false),
            (&["dr", "vs/payments/checkout"], in_payments, true),
            (&["dr"], in_payments, false),
            (&["ns/payments"], namespace, true),
            (&["*/payments"], namespace, true),
            (&["ns/orders"], namespace, false),
            (&["ns/payments/x"], namespace, false),
            (&["namespaces/*/payments"], namespace, false),
        ];
        for (typed, (what, kind, ns, name), want) in table {
            assert_eq!(only(typed).matches(what, kind, ns, name), want, "{typed:?}");
        }
    }

    #[test]
    fn what_met_nothing_is_known() {
        let both = only(&["pods/a", "pods/b", "pods"]);
        assert!(both.matches("pods", "Pod", Some("a"), "x"));
        assert_eq!(both.unmet(), ["pods/b"]);
        assert!(both.may_be("pods") && !both.may_be("nodes") && only(&[]).may_be("nodes"));
        assert!(only(&[]).is_everything() && !both.is_everything());
    }

    #[test]
    fn no_filter_is_a_usage_error() {
        for typed in ["", "/", "pods/", "/a", "a/b/c/d", "pods//x", " "] {
            let error = Only::parse(&[typed.to_owned()]).unwrap_err();
            assert_eq!(error.kind(), Kind::Usage, "{typed}");
        }
    }
}
