//! ctx.
