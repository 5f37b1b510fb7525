//! oasguard: a static security linter for OpenAPI documents.
pub mod engine;
pub mod explain;
pub mod lint;
pub mod model;
pub mod report;
pub mod rules;
pub mod session;
pub mod source;
pub mod syntax;
