//! The journal: one record per operation, written before anything else is, and the Lease that keeps
//! two operations apart.
//!
//! Records are ConfigMaps in the Istio namespace. They are not trusted: whoever may write ConfigMaps
//! there could plant one, so what reads them plans again on screen and checks kinds, names and targets.
//!
//! Commands that change nothing in the cluster leave a note on this machine only ([`local`]).

pub mod api;
pub mod image;
pub mod lease;
pub mod local;
pub mod operation;
pub mod record;
pub mod store;
pub mod unfinished;
mod valid;

pub use image::{Difference, Image, Key, Kind, Standing};
pub use lease::{Held, Lease};
pub use operation::{Guard, Operation};
pub use record::{Action, Files, Record, State, Version, Withheld};
pub use store::Store;
