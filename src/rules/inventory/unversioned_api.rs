//! `unversioned-api`: no version anywhere, or some paths without the version that the others have.

use rustc_hash::FxHashSet;

use crate::lint::{
    Check, Confidence, Description, OptionKind, Profile, Rule, RuleOption, Scope, Severity, Sink,
};
use crate::model::versioning::split_version;
use crate::model::{Api, Operation, Versioning};
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
    options: &[&MOST_PERCENT],
    check: Check::Api(check),
    page: include_str!("../../../rules/inventory/unversioned-api.md"),
};

/// From this share of paths with a version on, those without are exceptions.
static MOST_PERCENT: RuleOption = RuleOption {
    name: "most-percent",
    kind: OptionKind::Integer { default: 80, least: 0, most: 100 },
    doc: "from this share of paths with a version on, those without are reported",
};
/// How many of the exceptions are shown.
const SHOWN: usize = 5;

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let Some(paths) = api.document.root().field(Atom::PATHS) else { return };
    let count = api.path_operations().count();
    sink.examined(count);
    match api.versioning() {
        Versioning::Nowhere if count > 0 => {
            let message = "the API has no version in its servers, paths, parameters or media types";
            sink.report(Place::key(paths), message)
                .label("no path carries a version")
                .help(
                    "put a version into the server URL, such as `/v1`, so that an old version can be retired",
                )
                .operations(api.path_operations().map(|operation| operation.id).collect());
            if sink.is_recorded() {
                let paths = paths_of(&api.ranked_operations());
                sink.remember(exceptions(api, &[], &paths).into_iter().map(|path| place_of(path)));
            }
        }
        Versioning::ByPath { versioned, unversioned } => {
            report_exceptions(api, &paths_of(&versioned), &paths_of(&unversioned), sink);
        }
        Versioning::Nowhere | Versioning::Everywhere => {}
    }
}

/// The operations by path.
fn paths_of<'o, 'a>(operations: &[&'o Operation<'a>]) -> Vec<Vec<&'o Operation<'a>>> {
    operations.chunk_by(|one, next| one.path == next.path).map(<[_]>::to_vec).collect()
}

/// The path below which the versions stand, without a slash at its end; what is there lists them.
fn root_of_versions(path: &str) -> Option<&str> {
    split_version(path).and_then(|path| path.before.strip_suffix('/'))
}

/// The paths without a version of which it may be said that they lack one.
fn exceptions<'p, 'a>(
    api: &'a Api<'a>,
    versioned: &[Vec<&'a Operation<'a>>],
    unversioned: &'p [Vec<&'a Operation<'a>>],
) -> Vec<&'p Vec<&'a Operation<'a>>> {
    // What belongs to the service and not to its API (health, login) is no exception.
    let of_the_api = |operation: &&Operation<'a>| !api.is_of_the_service(operation);
    let lacks_one = |path: &&Vec<&Operation<'a>>| path.iter().any(of_the_api);
    let mut exceptions: Vec<_> = unversioned.iter().filter(lacks_one).collect();
    if !exceptions.is_empty() {
        let roots: FxHashSet<&str> =
            versioned.iter().filter_map(|path| root_of_versions(path[0].path)).collect();
        exceptions.retain(|path| !roots.contains(path[0].path.trim_end_matches('/')));
    }
    exceptions
}

fn place_of<'a>(path: &[&'a Operation<'a>]) -> Place<'a> {
    Place::key(path[0].path_node)
}

fn report_exceptions<'a>(
    api: &'a Api<'a>,
    versioned: &[Vec<&'a Operation<'a>>],
    unversioned: &[Vec<&'a Operation<'a>>],
    sink: &mut Sink<'a>,
) {
    let exceptions = exceptions(api, versioned, unversioned);
    let total = versioned.len() + exceptions.len();
    if exceptions.is_empty() || 100 * versioned.len() < sink.integer(&MOST_PERCENT) as usize * total {
        return sink.remember(exceptions.into_iter().map(|path| place_of(path)));
    }
    let carried = versioned.len();
    let example = versioned[0][0];
    let group = sink.group(None, move |members| Description {
        message: format!(
            "{} carr{} no version, unlike {carried} of {total} paths",
            members.named(),
            if members.count == 1 { "ies" } else { "y" }
        ),
        label: "no version in this path".into(),
        help: format!("put the version into this path as in `{}`", example.path),
    });
    sink.group_mut(group).related(Place::key(example.path_node), "carries a version").show(SHOWN);
    for path in exceptions {
        let first = path[0];
        sink.report(Place::key(first.path_node), format!("`{}` carries no version", first.path))
            .operations(path.iter().map(|operation| operation.id).collect())
            .subject(format!("`{}`", first.path))
            .in_group(group);
    }
}
