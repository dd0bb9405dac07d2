//! What an `AuthorizationPolicy` does to a request, computed without a cluster, and what an access log tells of one.
//!
//! Policies are parsed ([`policy`]), compiled for one workload port ([`mod@compile`]) and evaluated against what is
//! known of a request ([`request`], [`evaluate`]). Evidence is three-valued: what is not known stays unknown, and a
//! verdict that hangs on it says so and names the field. There is no I/O here, and evaluation allocates nothing.
//!
//! It is a crate of its own because it alone is compiled for speed: see `profile.release.package.mesh-authz`.

pub mod compile;
pub mod evaluate;
pub mod explain;
pub mod logs;
pub mod normalize;
pub mod policy;
pub mod request;
pub mod validate;
pub mod version;

mod matcher;
mod template;
mod truth;

pub use compile::{Compiled, Context, RuleRef, compile};
pub use evaluate::{By, Custom, Decision, Matched, RuleId, Shadow, Verdict};
pub use matcher::{parse_port, parse_range};
pub use policy::{Action, AuthorizationPolicy};
pub use request::{Claims, Header, Headers, Known, Request};
pub use template::{Template, is_template};
pub use truth::{Field, Fields, Truth};
pub use version::{ParseVersionError, Version};
