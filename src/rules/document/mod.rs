//! The files themselves: keys and references.

mod duplicate_key;
mod ref_outside_root;
mod remote_ref;
mod unresolved_ref;

use crate::lint::Rule;
use crate::model::{Api, Problem, Resolution, reference_value};
use crate::syntax::{Descent, Node};

/// The rules of this category.
pub(super) const RULES: &[&Rule] =
    &[&duplicate_key::RULE, &unresolved_ref::RULE, &remote_ref::RULE, &ref_outside_root::RULE];

/// The values of the references that lead nowhere, with the reason, by place, so that the order of the document does
/// not decide which of several is shown.
fn problems<'a>(api: &'a Api<'a>, is_wanted: impl Fn(Problem) -> bool) -> Vec<(Node<'a>, Problem)> {
    let (references, files) = (api.document.references(), api.document.files());
    let mut problems = Vec::new();
    for object in api.document.references_in_doubt() {
        let problem = match (references.step(files, object), references.end(files, object)) {
            (Some(Resolution::Problem(problem)), _) => problem,
            // A circle is no fault of any one step.
            (_, Some(Resolution::Problem(Problem::Circle))) => Problem::Circle,
            _ => continue,
        };
        problems.extend(reference_value(object).filter(|_| is_wanted(problem)).map(|value| (value, problem)));
    }
    let mut descent = Descent::default();
    problems.sort_by_cached_key(|(value, _)| (value.file_display(), descent.pointer(files, *value)));
    problems
}
