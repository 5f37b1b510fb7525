//! The vocabulary that rules, engine and reports share: rule, occurrence, finding, report.

mod adjustment;
mod comparison;
mod date;
mod directive;
mod excerpt;
mod finding;
mod grade;
mod judged;
mod occurrence;
mod option;
mod record;
mod report;
mod rule;
mod selector;
mod suppressed;
mod suppression;

pub use crate::model::OperationKind;
pub use crate::syntax::Part;
pub use adjustment::Adjustment;
pub use comparison::{Comparison, Silenced, SilencedBy};
pub use date::Date;
pub use directive::{Claim, Directive, Selected, Spelling};
pub use excerpt::cut;
pub use finding::{Affected, Excerpt, Finding, Label, Location, OperationName};
pub use grade::{Confidence, Profile, Severity};
pub use judged::{Fate, Judged};
pub use occurrence::{Description, Group, GroupId, Members, Occurrence, Sink};
pub(crate) use occurrence::{Details, Operations, Silence, shortened};
pub use option::{OptionKind, OptionValue, OptionValues, RuleOption};
pub use record::{Completeness, Record, Recorded};
pub use report::{
    Baselined, DocumentReport, DocumentStatus, Failure, Public, Report, Statistics, Summary, Timings,
};
pub use rule::{Check, Extent, Planned, Rule, Scope, Subsumption};
pub use selector::{Pattern, Selector};
pub use suppressed::{Acceptance, Suppressed};
pub use suppression::{Standing, Suppression};
