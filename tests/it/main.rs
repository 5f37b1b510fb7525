//! Tests of the library as a whole, one module per area.
#![allow(clippy::print_stdout, reason = "a test says how much it compared, and what it skipped")]

#[cfg(feature = "cli")]
mod accepted;
#[cfg(all(feature = "cli", target_os = "linux"))]
mod action;
#[cfg(feature = "cli")]
mod affected;
#[cfg(feature = "cli")]
mod baseline;
#[cfg(all(feature = "cli", unix))]
mod ci;
#[cfg(feature = "cli")]
mod cli;
#[cfg(feature = "cli")]
mod compare;
#[cfg(feature = "cli")]
mod completions;
#[cfg(feature = "cli")]
mod config;
mod consumers;
mod docs;
mod formats;
#[cfg(feature = "cli")]
mod fuzz;
mod hostile;
#[cfg(feature = "cli")]
mod human;
mod known;
mod metamorphic;
mod model_oracle;
#[cfg(feature = "cli")]
mod outputs;
mod property;
mod readers;
mod report;
#[cfg(feature = "git")]
mod revision;
mod silence;
mod spans;
mod support;
#[cfg(feature = "cli")]
mod suppress;
mod suppression;
#[cfg(all(feature = "cli", target_os = "linux"))]
mod terminal;
mod tree;
#[cfg(feature = "cli")]
mod yaml_fast;
