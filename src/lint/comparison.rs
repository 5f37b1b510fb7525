//! What a change does to what is reported, besides changing documents.

/// What a report is compared with, and what the change silences.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comparison {
    /// The revision as the user named it.
    pub base: String,
    /// The commit that the documents were compared with, in hexadecimal.
    pub commit: String,
    /// What the change adds that keeps findings out of reports, sorted by kind and place.
    pub silenced: Vec<Silenced>,
}

/// One thing that keeps findings out of reports, and that the change added.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Silenced {
    /// What it is.
    pub by: SilencedBy,
    /// Display path of the file that says it.
    pub path: String,
    /// The line on which it is said, from 1; nothing for what is no longer there.
    pub line: Option<u32>,
    /// What is said, in one line.
    pub what: String,
    /// Why, in the author's words.
    pub reason: Option<String>,
}

/// What keeps findings out of reports.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum SilencedBy {
    /// A comment or extension that suppresses rules.
    Suppression,
    /// A comment or extension that calls operations public.
    Public,
    /// An entry of the baseline.
    Baseline,
    /// A setting: a rule that is ignored, a lower severity, an earlier profile, a configured suppression.
    Setting,
}

impl SilencedBy {
    /// The name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            SilencedBy::Suppression => "suppression",
            SilencedBy::Public => "public",
            SilencedBy::Baseline => "baseline",
            SilencedBy::Setting => "setting",
        }
    }
}
