//! Runs each rule over what it wants to look at, in parallel, and catches panics.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use super::Threads;
use crate::lint::{Check, Planned, Sink};
use crate::model::{Api, Parameter};
use crate::source::FileId;
use crate::syntax::{File, Node};

/// What one rule said of one document.
pub(super) struct RuleResult<'a> {
    pub(super) planned: Planned,
    pub(super) sink: Sink<'a>,
    /// How many nodes the rule was applied to.
    pub(super) nodes: usize,
    /// The message of a panic; the rule's occurrences are then incomplete.
    pub(super) panic: Option<String>,
}

/// Operations that one task looks at. Small documents are one task a rule.
const CHUNK: usize = 512;

/// Applies the rules; results are in the order of the rules.
pub(super) fn apply<'a>(
    api: &'a Api<'a>,
    rules: &[Planned],
    threads: Threads,
    is_recorded: bool,
) -> Vec<RuleResult<'a>> {
    if threads == Threads::One || api.operations.len() < CHUNK {
        return rules.iter().map(|planned| apply_one(api, planned, Threads::One, is_recorded)).collect();
    }
    rules.par_iter().map(|planned| apply_one(api, planned, threads, is_recorded)).collect()
}

fn apply_one<'a>(api: &'a Api<'a>, planned: &Planned, threads: Threads, is_recorded: bool) -> RuleResult<'a> {
    let rule = planned.rule;
    let run = |check: &mut dyn FnMut(&mut Sink<'a>) -> usize| {
        let mut sink = Sink::new(planned);
        sink.is_recorded = is_recorded;
        let nodes = catch_unwind(AssertUnwindSafe(|| check(&mut sink)));
        let (nodes, panic) = match nodes {
            Ok(nodes) => (nodes, None),
            Err(cause) => (0, Some(panic_message(cause.as_ref()))),
        };
        RuleResult { planned: planned.clone(), sink, nodes, panic }
    };
    match rule.check {
        Check::Api(check) => run(&mut |sink| {
            check(api, sink);
            sink.examined
        }),
        Check::Operation(check) => {
            let check_all = |operations: &'a [crate::model::Operation<'a>]| {
                run(&mut |sink| {
                    operations.iter().for_each(|operation| check(api, operation, sink));
                    operations.len()
                })
            };
            match threads {
                Threads::One => check_all(&api.operations),
                Threads::Many => join(planned, api.operations.par_chunks(CHUNK).map(check_all).collect()),
            }
        }
        Check::Parameter(check) => run(&mut |sink| {
            let parameters = api.document.all::<Parameter<'a>>();
            parameters.map(|parameter| check(api, parameter, sink)).count()
        }),
        Check::SecurityScheme(check) => run(&mut |sink| {
            api.schemes.iter().for_each(|(name, scheme)| check(api, *name, *scheme, sink));
            api.schemes.len()
        }),
        Check::Reference(check) => run(&mut |sink| {
            let references = api.document.reference_objects();
            references.map(|reference| check(api, reference, sink)).count()
        }),
        // Once the others are done: see [`suppress`](super::suppress).
        Check::Directives(_) => run(&mut |_| 0),
        Check::Repeating(check) => run(&mut |sink| {
            repeating(api).for_each(|object| check(object, sink));
            files(api).map(|(_, file)| file.tree.objects()).sum()
        }),
    }
}

fn join<'a>(planned: &Planned, parts: Vec<RuleResult<'a>>) -> RuleResult<'a> {
    let mut whole = RuleResult { planned: planned.clone(), sink: Sink::new(planned), nodes: 0, panic: None };
    for part in parts {
        whole.sink.append(part.sink);
        whole.nodes += part.nodes;
        whole.panic = whole.panic.or(part.panic);
    }
    whole
}

/// The objects that may have a key twice.
fn repeating<'a>(api: &'a Api<'a>) -> impl Iterator<Item = Node<'a>> {
    let node = |id, &object| api.document.files().node(id, object);
    files(api).flat_map(move |(id, file)| file.tree.repeating().iter().map(move |object| node(id, object)))
}

/// The root and the files that the walk reached.
fn files<'a>(api: &'a Api<'a>) -> impl Iterator<Item = (FileId, &'a File)> {
    let files = api.document.files().iter().map(|(id, file)| (id, &**file));
    files.filter(|(_, file)| file.errors.is_empty())
}

fn panic_message(cause: &(dyn std::any::Any + Send)) -> String {
    let text = cause.downcast_ref::<&str>().copied().map(str::to_owned);
    text.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}
