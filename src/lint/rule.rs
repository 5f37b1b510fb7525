//! A rule: data and one function. It has no state, does no IO and cannot fail.

use super::{Confidence, Judged, OptionValues, Profile, RuleOption, Severity, Sink};
use crate::model::{Api, Operation, Parameter, SecurityScheme};
use crate::syntax::Node;

/// One rule. Everything about it that is not prose stands here; the prose and the examples stand in its page.
#[derive(Debug)]
pub struct Rule {
    /// The id: kebab-case, names the problem, never changes its meaning.
    pub id: &'static str,
    /// The id under which the rule was first released; part of every fingerprint, so that a rename changes none.
    pub birth_id: &'static str,
    /// The statement in one line: lower case, no full stop.
    pub summary: &'static str,
    /// The category, which is also the folder.
    pub category: &'static str,
    /// The highest severity; an occurrence may lower it.
    pub severity: Severity,
    /// The highest confidence; an occurrence may lower it.
    pub confidence: Confidence,
    /// The earliest profile; an occurrence may be of a later one.
    pub profile: Profile,
    /// Categories of the OWASP API Security Top 10 2023.
    pub owasp: &'static [&'static str],
    /// CWE numbers.
    pub cwe: &'static [u16],
    /// The version of oasguard that brought the rule.
    pub since: &'static str,
    /// Whether the verdict depends on the root document.
    pub scope: Scope,
    /// Rules whose occurrences make this one's superfluous, unless this one's are more severe.
    pub subsumed_by: &'static [Subsumption],
    /// What a user may set, in the order of the page.
    pub options: &'static [&'static RuleOption],
    /// What it looks at, and how.
    pub check: Check,
    /// The page, `rules/<category>/<id>.md`.
    pub page: &'static str,
}

#[cfg(test)]
impl Rule {
    /// A rule of tests, which has no page.
    pub(crate) const fn of_test(id: &'static str, check: Check) -> Rule {
        Rule {
            id,
            birth_id: id,
            summary: "",
            category: "document",
            severity: Severity::Medium,
            confidence: Confidence::High,
            profile: Profile::Default,
            owasp: &[],
            cwe: &[],
            since: "0.1.0",
            scope: Scope::Root,
            subsumed_by: &[],
            options: &[],
            check,
            page: "",
        }
    }
}

impl Rule {
    /// The address of the page in the project's repository.
    pub fn url(&self) -> String {
        format!("{}/blob/main/rules/{}/{}.md", env!("CARGO_PKG_REPOSITORY"), self.category, self.id)
    }
}

/// Whether an occurrence in a shared file is the same problem for every root document that reaches the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// The verdict depends on the definition alone: one finding, whatever the roots.
    Definition,
    /// The verdict depends on the root document (effective security, effective servers): one finding a root.
    Root,
}

/// "This rule stays silent where that one speaks": one cause, one finding.
#[derive(Clone, Copy, Debug)]
pub struct Subsumption {
    /// The id of the rule that speaks.
    pub rule: &'static str,
    /// Where it must speak.
    pub at: Extent,
}

/// How near the findings of two rules must be for one to subsume the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    /// At the same place.
    Place,
    /// About the same operation.
    Operation,
    /// Anywhere in the document.
    Document,
}

/// What a rule looks at. The engine finds these things once and hands them to every rule that wants them.
#[derive(Clone, Copy)]
pub enum Check {
    /// The whole API; the rule counts what it examines, see [`Sink::examined`].
    Api(for<'a> fn(&'a Api<'a>, &mut Sink<'a>)),
    /// Each operation: of paths, webhooks and callbacks.
    Operation(for<'a> fn(&'a Api<'a>, &'a Operation<'a>, &mut Sink<'a>)),
    /// Each Parameter Object, once, wherever it is used.
    Parameter(for<'a> fn(&'a Api<'a>, Parameter<'a>, &mut Sink<'a>)),
    /// Each declared security scheme with the node of its name.
    SecurityScheme(for<'a> fn(&'a Api<'a>, Node<'a>, SecurityScheme<'a>, &mut Sink<'a>)),
    /// Each object that is a reference, at a place where the specification allows one.
    Reference(for<'a> fn(&'a Api<'a>, Node<'a>, &mut Sink<'a>)),
    /// Each object of each file, as it is written and data included, that may have a key twice.
    Repeating(for<'a> fn(Node<'a>, &mut Sink<'a>)),
    /// The directives in the document's own text, once it is known what each silenced.
    Directives(for<'j, 'a> fn(&'j [Judged<'j, 'a>], &mut Sink<'a>)),
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.subject())
    }
}

impl Check {
    /// What the rule is applied to, for `--statistics`.
    pub fn subject(&self) -> &'static str {
        match self {
            Check::Api(_) => "documents",
            Check::Operation(_) => "operations",
            Check::Parameter(_) => "parameters",
            Check::SecurityScheme(_) => "security schemes",
            Check::Reference(_) => "references",
            Check::Repeating(_) => "objects",
            Check::Directives(_) => "directives",
        }
    }
}

/// A rule as one run applies it.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The rule.
    pub rule: &'static Rule,
    /// The last profile whose occurrences are shown; a rule that was selected by name shows all.
    pub profile: Profile,
    /// How severe everything is that the rule says, if the user decided that.
    pub severity: Option<Severity>,
    /// The options that the user set.
    pub options: OptionValues,
}

impl Planned {
    /// A rule of which nothing is configured.
    pub fn new(rule: &'static Rule, profile: Profile) -> Planned {
        Planned { rule, profile, severity: None, options: OptionValues::default() }
    }
}
