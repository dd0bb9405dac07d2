//! Our reading of istioctl against what real ones printed: the recordings always, real binaries where
//! `$MESH_E2E_ISTIOCTL_DIR/<version>/istioctl` has them.

mod parsers;
mod real;
mod recordings;
mod replay;
