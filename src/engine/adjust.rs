//! Applies what the configuration says of rules: severities, and what holds for some operations only.
//!
//! It comes before anything is subsumed: an occurrence that is ignored here never was, and a severity that the user chose
//! is the one that is compared.

use rustc_hash::FxHashMap;

use super::check::RuleResult;
use crate::lint::{Adjustment, Occurrence, Operations};
use crate::model::{Api, OperationGroup, OperationId};

/// Sets the configured severities, and drops occurrences of rules that are ignored for all operations concerned. Of
/// several adjustments for one operation the last holds.
pub(super) fn adjust<'a>(api: &'a Api<'a>, results: &mut [RuleResult<'a>], adjustments: &[Adjustment]) {
    for result in results.iter_mut() {
        let Some(severity) = result.planned.severity else { continue };
        result.sink.occurrences.iter_mut().for_each(|occurrence| occurrence.severity = severity);
    }
    for adjustment in adjustments {
        let mut known =
            Known { api, adjustment, operations: FxHashMap::default(), groups: FxHashMap::default() };
        for result in results.iter_mut() {
            let rule = result.planned.rule.id;
            let severity = adjustment.severities.iter().find(|(id, _)| *id == rule);
            let is_ignored = adjustment.ignore.contains(&rule);
            if !is_ignored && severity.is_none() {
                continue;
            }
            result.sink.occurrences.retain_mut(|occurrence| {
                if !known.is_meant(occurrence) {
                    return true;
                }
                if let Some((_, severity)) = severity {
                    occurrence.severity = *severity;
                }
                !is_ignored
            });
        }
    }
}

/// The operations of one adjustment, each looked at once.
struct Known<'a, 's> {
    api: &'a Api<'a>,
    adjustment: &'s Adjustment,
    operations: FxHashMap<OperationId, bool>,
    /// Whether all of a group are selected; many occurrences share a group.
    groups: FxHashMap<*const OperationId, bool>,
}

impl<'a> Known<'a, '_> {
    /// Whether an occurrence is about operations, and about none but those selected.
    fn is_meant(&mut self, occurrence: &Occurrence<'a>) -> bool {
        match &occurrence.operations {
            Operations::None => false,
            Operations::One(operation) => self.has(*operation),
            Operations::Many(many) => self.has_all(many),
            Operations::Shared(groups) => {
                groups.iter().any(|group| !group.is_empty())
                    && groups.iter().all(|group| self.has_group(group))
            }
            Operations::Using(schema, directions) => {
                let users = self.api.usage().operations(&[*schema], *directions);
                self.has_all(&users)
            }
        }
    }

    fn has_group(&mut self, group: &OperationGroup) -> bool {
        if let Some(&known) = self.groups.get(&group.as_ptr()) {
            return known;
        }
        let has = self.has_each(group);
        self.groups.insert(group.as_ptr(), has);
        has
    }

    fn has_all(&mut self, operations: &[OperationId]) -> bool {
        !operations.is_empty() && self.has_each(operations)
    }

    fn has_each(&mut self, operations: &[OperationId]) -> bool {
        operations.iter().all(|&operation| self.has(operation))
    }

    fn has(&mut self, operation: OperationId) -> bool {
        let Known { api, adjustment, operations, .. } = self;
        *operations
            .entry(operation)
            .or_insert_with(|| adjustment.selector.has_operation(api.operation(operation)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Threads, check};
    use crate::lint::{Check, Pattern, Planned, Profile, Rule, Selector, Severity, Sink};
    use crate::model::Document;
    use crate::syntax::Place;

    static RULE: Rule = Rule::of_test("some", Check::Api(say));

    /// One occurrence about each operation, one about all, the same by groups, and one about none.
    fn say<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
        let root = Place::value(api.document.root().node());
        let ids: Vec<_> = api.operations.iter().map(|operation| operation.id).collect();
        for operation in &api.operations {
            sink.report(root, operation.title()).operation(operation.id);
        }
        sink.report(root, "all").operations(ids.clone());
        sink.report(root, "shared").groups(ids.chunks(1).map(|ids| api.group(ids.to_vec())).collect());
        sink.report(root, "none");
    }

    /// What is left, as `message severity`.
    fn left(severity: Option<Severity>, adjustments: &[Adjustment]) -> Vec<String> {
        let text = "{openapi: 3.1.0, paths: {/a: {get: {}, put: {}}, /b: {get: {}}}}";
        let document = Document::of_text("a.yaml", text);
        let api = Api::of(&document);
        let planned = Planned { severity, ..Planned::new(&RULE, Profile::Default) };
        let mut results = check::apply(&api, &[planned], Threads::One, false);
        adjust(&api, &mut results, adjustments);
        let said = results[0].sink.occurrences.iter();
        said.map(|occurrence| format!("{} {}", occurrence.message, occurrence.severity)).collect()
    }

    fn of_paths(paths: &[&str], ignore: bool, severity: Option<Severity>) -> Adjustment {
        let paths = paths.iter().map(|path| Pattern::of_template(path).expect("a pattern")).collect();
        Adjustment {
            selector: Selector { paths, ..Selector::default() },
            ignore: if ignore { vec!["some"] } else { Vec::new() },
            severities: severity.map(|severity| ("some", severity)).into_iter().collect(),
        }
    }

    #[test]
    fn a_severity_replaces_all_of_the_rule() {
        let said = left(Some(Severity::High), &[]);
        assert_eq!(said.len(), 6);
        assert!(said.iter().all(|said| said.ends_with(" high")), "{said:?}");
    }

    #[test]
    fn what_is_about_other_operations_as_well_or_about_none_stays() {
        let said = left(None, &[of_paths(&["/a"], true, None)]);
        assert_eq!(said, ["`GET /b` medium", "all medium", "shared medium", "none medium"]);
        let said = left(None, &[of_paths(&["/a"], true, None), of_paths(&["/b"], true, None)]);
        assert_eq!(said, ["all medium", "shared medium", "none medium"], "each adjustment for itself");
        assert_eq!(left(None, &[of_paths(&["/*"], true, None)]), ["none medium"]);
    }

    #[test]
    fn of_two_severities_the_last_holds() {
        let first = of_paths(&["/*"], false, Some(Severity::Info));
        let said = left(Some(Severity::High), &[first, of_paths(&["/b"], false, Some(Severity::Low))]);
        let expected =
            ["`GET /a` info", "`PUT /a` info", "`GET /b` low", "all info", "shared info", "none high"];
        assert_eq!(said, expected);
    }
}
