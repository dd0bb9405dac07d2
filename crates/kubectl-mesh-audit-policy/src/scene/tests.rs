use super::*;

#[test]
fn nothing_is_read_that_no_policy_is_about() {
    for unread in [Needs::WEBHOOKS, Needs::CRDS, Needs::NODES, Needs::PROVIDERS] {
        assert!(!NEEDS.contains(unread), "{unread:?}");
    }
    for read in [
        Needs::NAMESPACES,
        Needs::WORKLOADS,
        Needs::CONFIG,
        Needs::ISTIODS,
        Needs::GATEWAYS,
    ] {
        assert!(NEEDS.contains(read), "{read:?}");
    }
}
