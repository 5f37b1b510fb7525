//! What people say about findings: "ignore this rule here", "this operation is public on purpose".

use super::{Date, Location, Selector};

/// One statement, wherever it stands: in a comment, in an extension of the document, or in the configuration.
#[derive(Clone, Debug)]
pub struct Directive {
    /// What is said.
    pub what: Claim,
    /// Why, in the author's words.
    pub reason: Option<String>,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// How it is written.
    pub spelling: Spelling,
    /// Where it is written.
    pub location: Location,
}

/// What a directive says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Claim {
    /// Findings of these rules (ids of today) are accepted.
    Ignore(Vec<&'static str>),
    /// Operations are open to everyone on purpose.
    Public,
}

/// How a directive is written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Spelling {
    /// `# oasguard: …` in YAML.
    Comment,
    /// `x-oasguard-…` in the document.
    Extension,
    /// An entry of the configuration.
    Configuration,
}

impl Spelling {
    /// The name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Spelling::Comment => "comment",
            Spelling::Extension => "extension",
            Spelling::Configuration => "configuration",
        }
    }
}

/// A directive of the configuration with what it is about. What a comment or an extension is about follows from where it
/// stands.
#[derive(Clone, Debug)]
pub struct Selected {
    /// What is said.
    pub directive: Directive,
    /// About what.
    pub selector: Selector,
}
