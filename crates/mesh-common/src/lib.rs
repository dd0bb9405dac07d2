//! What every kubectl-mesh plugin shares.
//!
//! One way through every command: typed arguments become a [`Ctx`], an observation fills a
//! [`mesh::Mesh`], pure functions decide on it, and only then does anything write.

pub mod check;
pub mod cluster;
pub mod complete;
pub mod ctx;
pub mod decide;
pub mod error;
pub mod exit;
pub mod home;
pub mod istioctl;
pub mod journal;
pub mod mesh;
pub mod output;
pub mod private;
pub mod prompt;
pub mod shell;
mod version;
pub mod x509;

pub use ctx::Ctx;
pub use error::{Error, Kind, Result};
pub use exit::Outcome;
