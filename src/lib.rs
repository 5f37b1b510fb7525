//! oasguard: a static security linter for OpenAPI documents.
#![cfg_attr(not(feature = "cli"), forbid(unsafe_code))]

pub mod baseline;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod engine;
pub mod explain;
pub mod lint;
pub mod model;
pub mod report;
pub mod rules;
pub mod session;
pub mod source;
pub mod syntax;
