//! What the API server's status code alone says.

/// Whether it said 404: there is no such object, or no such version of the kind.
pub fn is_absent(e: &kube::Error) -> bool {
    has_code(e, 404)
}

/// Whether it said 409: somebody else was faster.
pub fn is_conflict(e: &kube::Error) -> bool {
    has_code(e, 409)
}

/// Whether it said 403: this user may not.
pub fn is_forbidden(e: &kube::Error) -> bool {
    has_code(e, 403)
}

fn has_code(e: &kube::Error, code: u16) -> bool {
    matches!(e, kube::Error::Api(status) if status.code == code)
}
