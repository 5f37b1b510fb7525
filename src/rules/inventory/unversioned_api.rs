//! `unversioned-api`: no version anywhere.

use crate::lint::{Check, Confidence, Profile, Rule, Scope, Severity, Sink};
use crate::model::Api;
use crate::syntax::{Atom, Place};

pub(super) static RULE: Rule = Rule {
    id: "unversioned-api",
    birth_id: "unversioned-api",
    summary: "no version in server, path, header, parameter or media type: old and new cannot live side by side",
    category: "inventory",
    severity: Severity::Info,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API9:2023"],
    cwe: &[1059],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/inventory/unversioned-api.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let root = api.document.root();
    let Some(place) = root.field(Atom::PATHS) else { return };
    let count = api.path_operations().count();
    sink.examined(count);
    if count == 0 || api.is_versioned() {
        return;
    }
    sink.report(Place::key(place), "the API has no version in its servers, paths, parameters or media types")
        .label("no path carries a version")
        .help("put a version into the server URL, such as `/v1`, so that an old version can be retired")
        .operations(api.path_operations().map(|operation| operation.id).collect());
}
