//! What developer commands and the tests of the whole share: the survey of real documents, the evidence for rules, and what
//! a release is made of.

pub mod corpus;
pub mod dist;
pub mod evidence;
pub mod npm;
