//! From occurrences to findings: what is shown, what is one finding, what comes first.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use super::check::RuleResult;
use super::{Locator, operation_name};
use crate::lint::{Affected, Description, Finding, GroupId, Location, Members, Occurrence, Operations, Rule};
use crate::model::{Api, Directions, OperationGroup, OperationId};
use crate::source::{FileId, Span};
use crate::syntax::{Node, Part, Place};

/// Drops latent occurrences, and those of profiles that are not shown.
pub(super) fn drop_hidden(results: &mut [RuleResult<'_>]) {
    for result in results {
        let profile = result.planned.profile;
        result.sink.occurrences.retain(|occurrence| !occurrence.is_latent && occurrence.profile <= profile);
    }
}

/// Drops occurrences that are accepted or known. Until here they count: what they make superfluous stays so.
pub(super) fn drop_silenced(results: &mut [RuleResult<'_>]) {
    for result in results {
        result.sink.occurrences.retain(|occurrence| occurrence.silence.is_none());
    }
}

/// What occurrences of one finding have in common: the place, the discriminator, where another part of the text starts.
type PlaceKey = (FileId, u32, Part, String, Option<u32>);

/// Makes findings: a group is one, and so are occurrences of a rule at the same place that say the same.
pub(super) fn findings<'a>(
    api: &'a Api<'a>,
    results: Vec<RuleResult<'a>>,
    locator: &mut Locator<'a>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for result in results {
        let rule = result.planned.rule;
        let mut groups: BTreeMap<GroupId, Vec<Occurrence<'a>>> = BTreeMap::new();
        let mut places: BTreeMap<PlaceKey, Vec<Occurrence<'a>>> = BTreeMap::new();
        for occurrence in result.sink.occurrences {
            match occurrence.group {
                Some(group) => groups.entry(group).or_default().push(occurrence),
                None => {
                    let node = occurrence.place.node;
                    let Occurrence { place, discriminator, span, .. } = &occurrence;
                    let start = span.map(|span| span.start);
                    let key = (node.file(), node.id().0, place.part, discriminator.clone(), start);
                    // Most places have one, for which a growing list would make room for four.
                    places.entry(key).or_insert_with(|| Vec::with_capacity(1)).push(occurrence);
                }
            }
        }
        for occurrences in places.into_values() {
            findings.push(finding_at_place(api, rule, occurrences, locator));
        }
        for (id, mut occurrences) in groups {
            let group = &result.sink.groups[id.0];
            // Rules report in an order of their own, which equally exposed members keep.
            occurrences.sort_by_key(|occurrence| occurrence.exposure);
            let mut subjects: Vec<&str> = Vec::new();
            let mut distinct = FxHashSet::default();
            for subject in occurrences.iter().map(|member| member.subject.as_str()) {
                if distinct.insert(subject) && subjects.len() < Members::LISTED {
                    subjects.push(subject);
                }
            }
            let members = Members {
                count: occurrences.len(),
                first: subjects[0],
                message: &occurrences[0].message,
                distinct: distinct.len(),
                subjects: &subjects,
            };
            let mut description = (group.describe)(&members).shortened();
            // What the group leaves open its first member says.
            let first = &occurrences[0];
            if description.help.is_empty() {
                description.help.clone_from(&first.help);
            }
            let mut related = group.related.clone();
            related.extend(first.related.iter().cloned());
            let mut because = group.because.clone();
            because.extend(first.because.iter().cloned());
            let place = group.place.unwrap_or(occurrences[0].place);
            // The finding stands at its first member, which needs no label of its own.
            let shown =
                occurrences.iter().take(group.shown).filter(|other| other.place.span() != place.span());
            related.extend(shown.map(|occurrence| (occurrence.place, occurrence.message.clone())));
            let members = occurrences.iter().map(|occurrence| occurrence.place).collect();
            let about = About { place, span: None, description, related, because, members };
            findings.push(finding(api, rule, about, &occurrences, locator));
        }
    }
    findings
}

/// What a finding says and where, before it is resolved.
struct About<'a> {
    place: Place<'a>,
    /// Where it stands, if that is no part of the place.
    span: Option<Span>,
    description: Description,
    related: Vec<(Place<'a>, String)>,
    because: Vec<(Place<'a>, String)>,
    /// The places that were rolled up.
    members: Vec<Place<'a>>,
}

fn finding_at_place<'a>(
    api: &'a Api<'a>,
    rule: &'static Rule,
    occurrences: Vec<Occurrence<'a>>,
    locator: &mut Locator<'a>,
) -> Finding {
    let first = &occurrences[0];
    let about = About {
        place: first.place,
        span: first.span,
        description: Description {
            message: first.message.clone(),
            label: first.label.clone(),
            help: first.help.clone(),
        },
        related: first.related.clone(),
        because: first.because.clone(),
        members: Vec::new(),
    };
    finding(api, rule, about, &occurrences, locator)
}

fn finding<'a>(
    api: &'a Api<'a>,
    rule: &'static Rule,
    about: About<'a>,
    occurrences: &[Occurrence<'a>],
    locator: &mut Locator<'a>,
) -> Finding {
    let discriminator = if about.members.is_empty() { occurrences[0].discriminator.as_str() } else { "" };
    let operations = affected(api, occurrences);
    let operation = match occurrences {
        [Occurrence { operations: Operations::One(only), .. }] => Some(operation_name(api.operation(*only))),
        _ => None,
    };
    let mut related = locator.labels(about.related);
    related.extend(locator.alias_labels(about.place.node));
    let files = api.document.files();
    let Locator { descent, fingerprints, .. } = locator;
    let fingerprint = fingerprints.of(files, descent, rule, about.place, discriminator);
    // A group of one place at that very place is the place itself.
    let rolled_up =
        about.members.len() > 1 || about.members.first().is_some_and(|m| m.node != about.place.node);
    let members = if rolled_up { about.members } else { Vec::new() };
    let items: Vec<Location> =
        members.iter().take(Affected::<Location>::SHOWN).map(|&place| locator.locate(place)).collect();
    let highest = |of: fn(&Occurrence<'a>) -> u8| occurrences.iter().map(of).max().unwrap_or_default();
    let severity = highest(|occurrence| occurrence.severity as u8);
    let confidence = highest(|occurrence| occurrence.confidence as u8);
    Finding {
        rule: rule.id,
        category: rule.category,
        severity: crate::lint::Severity::ALL[usize::from(severity)],
        confidence: crate::lint::Confidence::ALL[usize::from(confidence)],
        profile: occurrences.iter().map(|occurrence| occurrence.profile).min().unwrap_or(rule.profile),
        fingerprint,
        location: match about.span {
            Some(span) => locator.locate_part(about.place, span),
            None => locator.locate(about.place),
        },
        message: about.description.message,
        label: about.description.label,
        help: about.description.help,
        related,
        because: locator.labels(about.because),
        operation,
        affected: Affected {
            count: operations.count,
            items: operations.items.into_iter().map(|id| operation_name(api.operation(id))).collect(),
        },
        occurrences: Affected { count: members.len(), items },
        roots: vec![files.file(FileId::ROOT).display.clone()],
        owasp: rule.owasp,
        cwe: rule.cwe,
        url: rule.url(),
    }
}

/// The operations that occurrences are about, most exposed first.
fn affected<'a>(api: &'a Api<'a>, occurrences: &[Occurrence<'a>]) -> Affected<OperationId> {
    let mut groups: Vec<&OperationGroup> = Vec::new();
    for occurrence in occurrences {
        if let Operations::Shared(more) = &occurrence.operations {
            groups.extend(more);
        }
    }
    // Groups that are not the same have nothing in common, so that none needs to be looked through.
    groups.sort_by_key(|group| group.as_ptr());
    groups.dedup_by_key(|group| group.as_ptr());
    let mut count: usize = groups.iter().map(|group| group.len()).sum();
    let first = |group: &OperationGroup| group[..group.len().min(Affected::<()>::SHOWN)].to_vec();
    let mut first: Vec<_> = groups.into_iter().flat_map(first).collect();
    let single = single_operations(api, occurrences);
    count += single.len();
    first.extend(single);
    first.sort_by_cached_key(|&id| (api.operation(id).exposure(), api.rank(id)));
    first.truncate(Affected::<()>::SHOWN);
    Affected { count, items: first }
}

fn single_operations<'a>(api: &'a Api<'a>, occurrences: &[Occurrence<'a>]) -> BTreeSet<OperationId> {
    let mut operations = BTreeSet::new();
    let mut schemas: Vec<Node<'a>> = Vec::new();
    let mut directions = Directions::default();
    for occurrence in occurrences {
        match &occurrence.operations {
            Operations::None | Operations::Shared(_) => {}
            Operations::One(operation) => {
                operations.insert(*operation);
            }
            Operations::Many(many) => operations.extend(many),
            Operations::Using(schema, wanted) => {
                schemas.push(*schema);
                directions = directions.union(*wanted);
            }
        }
    }
    if !schemas.is_empty() {
        operations.extend(api.usage().operations(api, &schemas, directions));
    }
    operations
}

/// Most severe first; then the most exposed, then the most wide-spread, then by place.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| key(a).cmp(&key(b)));
}

type SortKey<'f> =
    (std::cmp::Reverse<crate::lint::Severity>, std::cmp::Reverse<usize>, &'f str, u32, &'f str, &'f str);

fn key(finding: &Finding) -> SortKey<'_> {
    (
        std::cmp::Reverse(finding.severity),
        std::cmp::Reverse(finding.affected.count.max(1)),
        &finding.location.path,
        finding.location.bytes.start,
        finding.rule,
        &finding.fingerprint,
    )
}
