//! `ref-outside-root`: a reference to a file that does not belong to the project.

use std::collections::BTreeMap;

use crate::lint::{Check, Confidence, Description, GroupId, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Api, Problem};
use crate::syntax::Place;

pub(super) static RULE: Rule = Rule {
    id: "ref-outside-root",
    birth_id: "ref-outside-root",
    summary: "a `$ref` names a file outside the root of the run; it is never read",
    category: "document",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API8:2023"],
    cwe: &[22],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/document/ref-outside-root.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    // The same file is one problem, however many references name it.
    let mut groups: BTreeMap<String, GroupId> = BTreeMap::new();
    sink.examined(api.document.reference_objects().len());
    for (value, _) in super::problems(api, |problem| problem == Problem::OutsideRoot) {
        let file = value.text().split('#').next().unwrap_or_default();
        let place = Place::value(value);
        let group = *groups.entry(format!("{} {file}", value.file_display())).or_insert_with(|| {
            sink.group(None, move |_| Description {
                message: format!("`{file}` is outside the root of the run"),
                label: "not read".into(),
                help: "move the file into the project, or widen the root with `--root`".into(),
            })
        });
        sink.report(place, "").in_group(group);
    }
}
