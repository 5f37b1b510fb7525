//! Writes a report down: one file per output format.

#[cfg(feature = "cli")]
mod human;
mod json;
mod level;
#[cfg(feature = "cli")]
mod snippet;
mod statistics;
mod visible;

#[cfg(feature = "cli")]
pub use human::{Full, full};
pub use json::json;
#[cfg(feature = "cli")]
pub(crate) use json::pretty;
pub use level::{Level, level};
pub use statistics::{statistics, summary, timings};
pub use visible::visible;
