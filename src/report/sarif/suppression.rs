//! Who accepts a finding, as SARIF writes it (§3.35).

use serde::Serialize;

use super::place::{Location, location_of};
use crate::lint::{Acceptance, Spelling};
use crate::report::{Setting, visible};

/// A `suppression`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Suppression<'a> {
    /// Whether it stands in the document itself.
    kind: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location<'a>>,
    properties: Properties,
}

#[derive(Serialize)]
struct Properties {
    by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

impl<'a> Suppression<'a> {
    pub(super) fn of(acceptance: &'a Acceptance, setting: &Setting<'_>) -> Suppression<'a> {
        let (kind, justification, location, properties) = match acceptance {
            Acceptance::Directive(directive) => {
                let kind = match directive.spelling {
                    Spelling::Comment | Spelling::Extension => "inSource",
                    Spelling::Configuration => "external",
                };
                let until = directive.until.map(|day| day.to_string());
                let properties = Properties { by: directive.spelling.name(), since: None, until };
                let reason = directive.reason.as_deref().filter(|reason| !reason.trim().is_empty());
                let location = location_of(&directive.location, setting);
                (kind, reason.map(|reason| visible(reason).into_owned()), Some(location), properties)
            }
            Acceptance::Baseline(since) => {
                let properties = Properties { by: "baseline", since: Some(since.to_string()), until: None };
                ("external", None, None, properties)
            }
        };
        Suppression { kind, status: "accepted", justification, location, properties }
    }
}
