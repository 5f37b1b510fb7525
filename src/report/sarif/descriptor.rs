//! A rule as SARIF describes it, with what GitHub wants of it.

use serde::Serialize;

use super::{PREFIX, Text, capitalized};
use crate::lint::Rule;
use crate::report::level;
use crate::report::page::{first_paragraph, markdown, section};

/// A `reportingDescriptor`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    id: String,
    name: String,
    short_description: Text<'static>,
    full_description: Text<'static>,
    help: Help,
    help_uri: String,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    tags: Vec<String>,
    precision: &'static str,
    #[serde(rename = "security-severity")]
    security_severity: &'static str,
}

/// The characters of a description that GitHub keeps.
const LONGEST: usize = 1_024;

/// The tags of a rule that GitHub keeps.
const TAGS: usize = 10;

impl Descriptor {
    pub(super) fn of(rule: &Rule) -> Descriptor {
        let level = level(rule.severity);
        Descriptor {
            id: format!("{PREFIX}{}", rule.id),
            name: pascal_case(rule.id),
            short_description: Text::of(sentence(rule.summary)),
            full_description: Text::of(full_description(rule)),
            help: Help { text: help(rule), markdown: markdown(rule.page) },
            help_uri: rule.url(),
            default_configuration: Configuration { level: level.sarif },
            properties: Properties {
                tags: tags(rule),
                precision: rule.confidence.name(),
                security_severity: level.security_severity,
            },
        }
    }
}

/// `api-key-in-query` as `ApiKeyInQuery`: readers that show a name next to the id expect this form.
fn pascal_case(id: &str) -> String {
    let words = id.split('-').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + rest
    });
    words.collect()
}

/// A statement as a sentence.
fn sentence(statement: &str) -> String {
    capitalized(statement) + "."
}

fn full_description(rule: &Rule) -> String {
    let why = first_paragraph(section(rule.page, "Why is this bad?"));
    match why.char_indices().nth(LONGEST) {
        None if why.is_empty() => sentence(rule.summary),
        None => why,
        Some(_) => why.chars().take(LONGEST - 1).chain(['…']).collect(),
    }
}

fn help(rule: &Rule) -> String {
    match section(rule.page, "How to fix") {
        "" => sentence(rule.summary),
        text => text.to_owned(),
    }
}

fn tags(rule: &Rule) -> Vec<String> {
    let mut tags = vec!["security".to_owned()];
    tags.extend(rule.cwe.iter().map(|number| format!("external/cwe/cwe-{number:03}")));
    tags.extend(rule.owasp.iter().map(|category| format!("OWASP {category}")));
    tags.push(rule.category.to_owned());
    tags.truncate(TAGS);
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_sentences() {
        assert_eq!(pascal_case("oauth2-implicit-flow"), "Oauth2ImplicitFlow");
        assert_eq!(sentence("öffnet"), "Öffnet.");
        assert_eq!(sentence("`x` is y"), "`x` is y.");
    }
}
