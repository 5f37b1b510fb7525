//! What is said about findings in the documents themselves: directives that do nothing, any more or at all.

mod expired_suppression;
mod invalid_suppression;
mod unexplained_suppression;
mod unused_suppression;

use crate::lint::{Judged, Rule};
use crate::model::{StatementForm, StatementKind};

/// The rules of this category.
pub(super) const RULES: &[&Rule] = &[
    &unused_suppression::RULE,
    &expired_suppression::RULE,
    &invalid_suppression::RULE,
    &unexplained_suppression::RULE,
];

/// The rule that a directive of a file that several documents share may break in one and not in another.
pub static UNUSED_SUPPRESSION: &Rule = &unused_suppression::RULE;

/// The rule that speaks of the configuration, too.
pub static EXPIRED_SUPPRESSION: &Rule = &expired_suppression::RULE;

/// What remains of a directive when the place and the spelling do not matter: its rules.
fn rules_of(judged: &Judged<'_, '_>) -> String {
    let names: Vec<&str> = judged.statement.rules.iter().map(|word| word.text).collect();
    match judged.statement.kind {
        StatementKind::Ignore => format!("ignore[{}]", names.join(",")),
        StatementKind::Public => "public".to_owned(),
    }
}

/// What a directive is called in messages.
fn noun(judged: &Judged<'_, '_>) -> &'static str {
    match judged.statement.kind {
        StatementKind::Ignore => "suppression",
        StatementKind::Public => "statement that the operation is public",
    }
}

/// The name of a directive's part in its own spelling.
fn spelled(form: StatementForm, name: &str) -> String {
    match form {
        StatementForm::Comment => format!("`{name}=`"),
        StatementForm::Extension => format!("`{name}`"),
    }
}
