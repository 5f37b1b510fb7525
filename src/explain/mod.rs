//! The page of a rule or an error: as Markdown, and as text for a terminal with what the rule says of itself on top.

mod terminal;

use crate::lint::Rule;
use crate::rules::{ErrorRule, Unknown, all, by_id, errors, nearest};

/// What has a page.
#[derive(Clone, Copy, Debug)]
pub enum Subject {
    /// A rule.
    Rule(&'static Rule),
    /// An error, which cannot be selected or ignored but has a page like a rule.
    Error(&'static ErrorRule),
}

impl Subject {
    /// Finds a rule, by its id of today or of once, or an error.
    pub fn find(id: &str) -> Result<Subject, Unknown> {
        if let Some(error) = errors().iter().find(|error| error.id == id) {
            return Ok(Subject::Error(error));
        }
        match by_id(id)?.as_slice() {
            // A category of one rule is no id either.
            [rule] if rule.category != id => Ok(Subject::Rule(rule)),
            _ => {
                let names =
                    all().into_iter().map(|rule| rule.id).chain(errors().iter().map(|error| error.id));
                Err(Unknown { name: id.to_owned(), suggestion: nearest(id, names) })
            }
        }
    }

    /// The page.
    pub fn page(self) -> &'static str {
        match self {
            Subject::Rule(rule) => rule.page,
            Subject::Error(error) => error.page,
        }
    }

    /// The page for a terminal, with bold headings if `color` is set.
    pub fn terminal(self, color: bool) -> String {
        terminal::render(self, color)
    }

    /// What is known besides the prose: name and value, in the order in which they are shown.
    pub fn facts(self) -> Vec<(&'static str, String)> {
        let Subject::Rule(rule) = self else {
            return vec![("kind", "error: it cannot be selected, ignored or suppressed".to_owned())];
        };
        let cwe: Vec<_> = rule.cwe.iter().map(|number| format!("CWE-{number}")).collect();
        vec![
            ("category", rule.category.to_owned()),
            ("severity", format!("{} at most", rule.severity)),
            ("confidence", format!("{} at most", rule.confidence)),
            ("profile", format!("{} and later", rule.profile)),
            ("OWASP", rule.owasp.join(", ")),
            ("CWE", cwe.join(", ")),
            ("since", rule.since.to_owned()),
        ]
    }
}

/// The page of a rule or an error as Markdown. The carets in its examples stay: they show where the rule points.
pub fn markdown(id: &str) -> Result<String, Unknown> {
    Subject::find(id).map(|subject| subject.page().to_owned())
}

/// The page of a rule or an error for a terminal, with bold headings if `color` is set.
pub fn terminal(id: &str, color: bool) -> Result<String, Unknown> {
    Subject::find(id).map(|subject| subject.terminal(color))
}

/// `docs/rules.md`: the table of all rules and errors. `cargo xtask bless` writes it.
pub fn rules_document() -> String {
    let link = |category: &str, id: &str| format!("[`{id}`](../rules/{category}/{id}.md)");
    let mut text = String::from(concat!(
        "# Rules\n\n",
        "<!-- Generated from the rules by `cargo xtask bless`; do not edit. -->\n\n",
        "Severity and confidence are the highest, the profile is the earliest that a finding of the rule can have. ",
        "`oasguard explain <rule>` prints a rule's page.\n\n",
        "| rule | says that | severity | confidence | profile | OWASP | CWE |\n",
        "| --- | --- | --- | --- | --- | --- | --- |\n",
    ));
    for rule in all() {
        let cwe: Vec<_> = rule.cwe.iter().map(u16::to_string).collect();
        text.push_str(&row(&[
            link(rule.category, rule.id),
            rule.summary.to_owned(),
            rule.severity.to_string(),
            rule.confidence.to_string(),
            rule.profile.to_string(),
            rule.owasp.join(", "),
            cwe.join(", "),
        ]));
    }
    text.push_str("\nErrors end a run with exit code 2; they cannot be selected, ignored or suppressed.\n");
    text.push_str("\n| error | says that |\n| --- | --- |\n");
    for error in errors() {
        text.push_str(&row(&[link("errors", error.id), error.summary.to_owned()]));
    }
    text
}

fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_and_errors_have_pages_and_categories_have_none() {
        for id in all().iter().map(|rule| rule.id).chain(errors().iter().map(|error| error.id)) {
            assert!(markdown(id).unwrap().starts_with(&format!("# {id}\n")));
        }
        for (id, suggestion) in
            [("transport", None), ("inventory", None), ("unbounded-aray", Some("unbounded-array"))]
        {
            assert_eq!(markdown(id).unwrap_err().suggestion, suggestion, "{id}");
        }
    }
}
