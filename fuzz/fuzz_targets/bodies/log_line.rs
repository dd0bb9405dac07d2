//! Any bytes as a line of an access log: it is read, or it is told why not.

use mesh_authz::{
    Known,
    logs::{
        Format, Mapping, Scratch, Skip,
        rbac::{self, Rbac},
    },
};

pub(crate) fn take(bytes: &[u8]) {
    let moved = Mapping::parse(["path=p,method=m,upstream_cluster=c"]).expect("it is well formed");
    for format in [Format::default(), Format { mapping: moved }] {
        match format.read(bytes, &mut Scratch::default()) {
            Ok(entry) => {
                let request = entry.request(false, Known::Unknown);
                assert!(entry.path_is_matched || request.path == Known::Unknown);
            }
            Err(skip) => assert!(Skip::ALL.contains(&skip)),
        }
    }
    // What a proxy says of its policies.
    let _ = rbac::opens(bytes) || rbac::closes(bytes) || rbac::is_foreign(bytes);
    if let Some(Ok(Rbac::Check(check))) = rbac::read(bytes, &mut Vec::new()) {
        assert!(check.entry.path_is_matched);
    }
    let _ = rbac::same(bytes);
    rbac::repeat(&mut bytes.to_vec());
}
