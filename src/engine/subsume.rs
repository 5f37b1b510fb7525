//! One cause, one finding: of two occurrences of different rules about the same thing one stays.
//!
//! A rule declares which rules say better what it says. Of two occurrences about the same place or operation the more
//! severe one stays, whatever is declared, so that no severity is lost; of equally severe ones the declared one. That is
//! an order without cycles, so that of any number of occurrences about a thing one remains. A declaration for the whole
//! document is about what the document lacks, and holds whatever the severities.
//!
//! What is merely known from before makes only what is known superfluous: that a document was always open is no reason to
//! be silent about an operation that was added. What a directive suppresses counts as if it were reported.

use rustc_hash::FxHashMap;

use super::check::RuleResult;
use crate::lint::{Extent, Occurrence, Operations, Severity, Silence};
use crate::model::{OperationGroup, OperationId};
use crate::source::FileId;

/// Drops occurrences that another rule's occurrences make superfluous. Members of a group are dropped one by one.
pub(super) fn subsume(results: &mut [RuleResult<'_>]) {
    let mut superfluous: Vec<Vec<bool>> =
        results.iter().map(|result| vec![false; result.sink.occurrences.len()]).collect();
    for (index, result) in results.iter().enumerate() {
        for subsumption in result.planned.rule.subsumed_by {
            let speaker = results.iter().position(|other| other.planned.rule.id == subsumption.rule);
            let Some(speaker) = speaker else { continue };
            let (own, theirs) = (&result.sink.occurrences, &results[speaker].sink.occurrences);
            if own.is_empty() || theirs.is_empty() {
                continue;
            }
            for heard in Heard::BOTH {
                let said = |by, least| Said { by, at: subsumption.at, least, heard };
                said(theirs, Least::AsSevere).mark(own, &mut superfluous[index]);
                // The other way round only what is worse.
                said(own, Least::MoreSevere).mark(theirs, &mut superfluous[speaker]);
            }
        }
    }
    for (result, superfluous) in results.iter_mut().zip(superfluous) {
        let mut superfluous = superfluous.into_iter();
        result.sink.occurrences.retain(|_| superfluous.next() != Some(true));
    }
}

/// What the occurrences of one rule say, as far as it makes those of another superfluous.
struct Said<'s, 'a> {
    by: &'s [Occurrence<'a>],
    at: Extent,
    least: Least,
    heard: Heard,
}

/// Between which occurrences a statement is heard.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Heard {
    /// From all by those that are known.
    ByKnown,
    /// From those that are not known by those that are not known.
    ByOthers,
}

impl Heard {
    const BOTH: [Heard; 2] = [Heard::ByKnown, Heard::ByOthers];
}

fn is_known(occurrence: &Occurrence<'_>) -> bool {
    occurrence.silence == Some(Silence::Known)
}

/// How severe an occurrence must be to make another superfluous.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Least {
    /// As severe as the other.
    AsSevere,
    /// More severe than the other.
    MoreSevere,
}

/// The highest severity by what it is said of.
type Highest<K> = FxHashMap<K, Severity>;

impl<'a> Said<'_, 'a> {
    /// Marks the occurrences that it makes superfluous.
    fn mark(&self, occurrences: &[Occurrence<'a>], superfluous: &mut [bool]) {
        let is_enough = |said: Option<Severity>, own: Severity| match self.least {
            Least::AsSevere => said >= Some(own),
            Least::MoreSevere => said > Some(own),
        };
        let all = occurrences.iter().zip(superfluous);
        let mut all =
            all.filter(|(occurrence, _)| is_known(occurrence) == (self.heard == Heard::ByKnown)).peekable();
        if all.peek().is_none() {
            return;
        }
        match self.at {
            Extent::Document => {
                let speaks = self.least == Least::AsSevere && self.spoken().next().is_some();
                all.for_each(|(_, mark)| *mark |= speaks);
            }
            Extent::Place => {
                let places = self.of_places();
                all.for_each(|(occurrence, mark)| {
                    *mark |= is_enough(places.get(&place(occurrence)).copied(), occurrence.severity);
                });
            }
            Extent::Operation => {
                let mut operations = Spoken { highest: self.of_operations(), groups: FxHashMap::default() };
                all.for_each(|(occurrence, mark)| {
                    *mark |= is_enough(operations.lowest(occurrence), occurrence.severity);
                });
            }
        }
    }

    fn spoken(&self) -> impl Iterator<Item = &Occurrence<'a>> {
        self.by.iter().filter(|occurrence| self.heard == Heard::ByKnown || !is_known(occurrence))
    }

    fn of_places(&self) -> Highest<(FileId, u32, u32)> {
        let mut highest = Highest::default();
        for occurrence in self.spoken() {
            raise(&mut highest, place(occurrence), occurrence.severity);
        }
        highest
    }

    fn of_operations(&self) -> Highest<OperationId> {
        let mut highest = Highest::default();
        // Many occurrences share a group, which is looked through once.
        let mut groups: FxHashMap<*const OperationId, (&OperationGroup, Severity)> = FxHashMap::default();
        for occurrence in self.spoken() {
            let severity = occurrence.severity;
            match &occurrence.operations {
                Operations::One(operation) => raise(&mut highest, *operation, severity),
                Operations::Many(many) => many.iter().for_each(|&o| raise(&mut highest, o, severity)),
                Operations::Shared(shared) => {
                    for group in shared {
                        let (_, of_group) = groups.entry(group.as_ptr()).or_insert((group, severity));
                        *of_group = severity.max(*of_group);
                    }
                }
                Operations::None | Operations::Using(..) => {}
            }
        }
        for (group, severity) in groups.into_values() {
            group.iter().for_each(|&operation| raise(&mut highest, operation, severity));
        }
        highest
    }
}

fn place(occurrence: &Occurrence<'_>) -> (FileId, u32, u32) {
    let span = occurrence.place.span();
    (span.file, span.start, span.end)
}

fn raise<K: std::hash::Hash + Eq>(highest: &mut Highest<K>, key: K, severity: Severity) {
    let known = highest.entry(key).or_insert(severity);
    *known = severity.max(*known);
}

/// What is said of each operation, and the least that is said of any operation of a group.
struct Spoken {
    highest: Highest<OperationId>,
    groups: FxHashMap<*const OperationId, Option<Severity>>,
}

impl Spoken {
    /// The severity with which at least is spoken of every operation of an occurrence; nothing if one is left out, or if
    /// it is about none.
    fn lowest(&mut self, occurrence: &Occurrence<'_>) -> Option<Severity> {
        let Spoken { highest, groups } = self;
        let of = |operations: &[OperationId]| {
            operations.iter().map(|operation| highest.get(operation).copied()).min().flatten()
        };
        match &occurrence.operations {
            Operations::One(operation) => of(&[*operation]),
            Operations::Many(many) => of(many),
            Operations::Shared(shared) => {
                let groups_of = shared.iter().filter(|group| !group.is_empty());
                let said = groups_of.map(|group| *groups.entry(group.as_ptr()).or_insert_with(|| of(group)));
                said.min().flatten()
            }
            Operations::None | Operations::Using(..) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Threads;
    use crate::engine::check;
    use crate::lint::{Check, Planned, Profile, Rule, Sink, Subsumption};
    use crate::model::{Api, Document};
    use crate::syntax::{Node, Place};

    const fn rule(id: &'static str, subsumed_by: &'static [Subsumption], check: Check) -> Rule {
        Rule { severity: Severity::High, subsumed_by, ..Rule::of_test(id, check) }
    }

    /// Reports each operation with the severity that its extension `key` demands.
    fn each<'a>(api: &'a Api<'a>, key: &str, sink: &mut Sink<'a>) {
        for operation in &api.operations {
            let Some(severity) = severity(operation.object.node().get_text(key)) else { continue };
            let occurrence = sink.report(Place::key(operation.object.node()), operation.title());
            occurrence.severity(severity).operation(operation.id);
        }
    }

    /// Reports all operations at once, with the severity that the root's extension `key` demands.
    fn all<'a>(api: &'a Api<'a>, key: &str, sink: &mut Sink<'a>) {
        let root = api.document.root().node();
        let Some(severity) = severity(root.get_text(key)) else { return };
        let ids: Vec<_> = api.operations.iter().map(|operation| operation.id).collect();
        let occurrence = sink.report(Place::value(root), "all");
        occurrence.severity(severity);
        match key {
            "x-many" => occurrence.operations(ids),
            _ => occurrence.groups(ids.chunks(1).map(|ids| api.group(ids.to_vec())).collect()),
        };
    }

    fn severity(node: Option<Node<'_>>) -> Option<Severity> {
        node?.text().parse().ok()
    }

    static SPECIAL: Rule = rule("special", &[], Check::Api(|api, sink| each(api, "x-special", sink)));

    const BY_OPERATION: &[Subsumption] = &[Subsumption { rule: "special", at: Extent::Operation }];
    static GENERAL: Rule =
        rule("general", BY_OPERATION, Check::Api(|api, sink| each(api, "x-general", sink)));
    static MANY: Rule = rule("many", BY_OPERATION, Check::Api(|api, sink| all(api, "x-many", sink)));
    static SHARED: Rule = rule("shared", BY_OPERATION, Check::Api(|api, sink| all(api, "x-shared", sink)));

    const BY_PLACE: &[Subsumption] = &[Subsumption { rule: "special", at: Extent::Place }];
    static NEAR: Rule = rule("near", BY_PLACE, Check::Api(|api, sink| each(api, "x-general", sink)));

    const BY_DOCUMENT: &[Subsumption] = &[Subsumption { rule: "special", at: Extent::Document }];
    static FAR: Rule = rule("far", BY_DOCUMENT, Check::Api(|api, sink| each(api, "x-general", sink)));

    /// What is left of what `special` and another rule say about `get` and `put` of one path: "rule message".
    fn left(general: &'static Rule, root: &str, get: &str, put: &str) -> Vec<String> {
        let text = format!("{{openapi: 3.1.0, {root} paths: {{/a: {{get: {{{get}}}, put: {{{put}}}}}}}}}");
        let document = Document::of_text("a.yaml", &text);
        let api = Api::of(&document);
        let planned = [&SPECIAL, general].map(|rule| Planned::new(rule, Profile::Default));
        let mut results = check::apply(&api, &planned, Threads::One, false);
        subsume(&mut results);
        let said = |result: &RuleResult<'_>| {
            let rule = result.planned.rule.id;
            let messages = result.sink.occurrences.iter().map(|occurrence| occurrence.message.clone());
            messages.map(|message| format!("{rule} {message}")).collect::<Vec<_>>()
        };
        results.iter().flat_map(said).collect()
    }

    #[test]
    fn of_equally_severe_ones_the_declared_one_stays() {
        for rule in [&GENERAL, &NEAR] {
            let both = "x-special: medium, x-general: medium";
            assert_eq!(left(rule, "", both, ""), ["special `GET /a`"]);
            assert_eq!(left(rule, "", "x-special: high, x-general: low", ""), ["special `GET /a`"]);
        }
    }

    #[test]
    fn the_more_severe_one_is_never_lost() {
        for rule in [&GENERAL, &NEAR] {
            let found = left(rule, "", "x-special: medium, x-general: high", "");
            assert_eq!(found, [format!("{} `GET /a`", rule.id)]);
        }
    }

    #[test]
    fn what_is_about_another_operation_stays() {
        let found = left(&GENERAL, "", "x-special: medium", "x-general: low");
        assert_eq!(found, ["special `GET /a`", "general `PUT /a`"]);
        let found = left(&GENERAL, "", "x-special: low, x-general: low", "x-special: low, x-general: medium");
        assert_eq!(found, ["special `GET /a`", "general `PUT /a`"]);
    }

    #[test]
    fn what_is_about_many_operations_goes_when_each_is_spoken_of() {
        for (rule, root) in [(&MANY, "x-many: medium,"), (&SHARED, "x-shared: medium,")] {
            let all = format!("{} all", rule.id);
            let both = left(rule, root, "x-special: high", "x-special: medium");
            assert_eq!(both, ["special `GET /a`", "special `PUT /a`"]);
            assert_eq!(left(rule, root, "x-special: high", ""), ["special `GET /a`", &all]);
            // What is worse makes the milder one superfluous, not the other way round.
            assert_eq!(left(rule, root, "x-special: high", "x-special: low"), ["special `GET /a`", &all]);
        }
    }

    #[test]
    fn what_a_document_lacks_outweighs_severities() {
        assert_eq!(left(&FAR, "", "x-special: info", "x-general: high"), ["special `GET /a`"]);
        assert_eq!(left(&FAR, "", "", "x-general: high"), ["far `PUT /a`"]);
    }
}
