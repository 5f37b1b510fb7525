//! What developer commands and the tests of the whole share: the survey of real documents, and the evidence for rules.

pub mod corpus;
pub mod evidence;
