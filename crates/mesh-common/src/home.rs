//! Where this user's data of the suite lies.

use std::path::PathBuf;

/// `$XDG_DATA_HOME/kubectl-mesh`, or below `$HOME/.local/share`; none where neither is set. It need not exist.
pub fn data() -> Option<PathBuf> {
    // The XDG base directory specification: a relative value is to be ignored.
    let absolute = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let data = absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/share")));
    data.map(|data| data.join("kubectl-mesh"))
}
