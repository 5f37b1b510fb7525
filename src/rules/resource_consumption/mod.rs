//! How much a caller may take: sizes, pages, rates.

mod auth_endpoint_without_rate_limit;
mod missing_rate_limit_response;
mod pagination_limit_without_maximum;
mod retry_after_missing;
mod unbounded_array;
mod unbounded_bulk_request;
mod unbounded_number;
mod unbounded_string;

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use crate::lint::{Description, GroupId, OptionKind, Profile, Rule, RuleOption, Sink};
use crate::model::{Api, Directions, Names, RequestSchema, RequestSchemas, Schema};
use crate::syntax::Place;

/// The rules of this category.
pub(super) const RULES: &[&Rule] = &[
    &unbounded_bulk_request::RULE,
    &unbounded_array::RULE,
    &unbounded_string::RULE,
    &unbounded_number::RULE,
    &pagination_limit_without_maximum::RULE,
    &missing_rate_limit_response::RULE,
    &auth_endpoint_without_rate_limit::RULE,
    &retry_after_missing::RULE,
];

/// Below this share of bounded fields a document has not adopted bounds at all, and one finding says so.
static ADOPTED_PERCENT: RuleOption = RuleOption {
    name: "adopted-percent",
    kind: OptionKind::Integer { default: 20, least: 0, most: 100 },
    doc: "below this share of bounded values one finding speaks for the document; from it on each part has its own",
};
/// How many of the most exposed fields a finding shows.
const SHOWN: usize = 5;

/// One kind of values that may be without bounds, and how messages speak of it.
struct Kind {
    /// Below this number of fields a share says nothing.
    population: usize,
    /// One and several: `array`, `arrays`.
    nouns: [&'static str; 2],
    /// What is missing: "no `maxItems`".
    missing: &'static str,
    /// What follows from that: "takes any number of items".
    effect: &'static str,
    /// What to do: "add `maxItems`".
    fix: &'static str,
    /// What to do where no bounds are in use.
    remedy: &'static str,
    /// What is wrong with one and several fields that only the profile `pedantic` hears of.
    pedantic: [&'static str; 2],
}

/// What a rule thinks of a schema to which it applies. What is bounded by its nature (a list of values, a date) says nothing
/// about whether bounds are in use; the rule has no verdict on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Bounded,
    /// With what follows from it, of one: "takes any number of items".
    Unbounded(&'static str),
    /// Unbounded in the profile `pedantic` only; says nothing about whether bounds are in use.
    Pedantic,
}

/// Reports the schemas of request bodies that a rule finds unbounded. Where bounds are in use, the exceptions are
/// reported by what they are parts of; elsewhere one finding names the most exposed.
fn report_unbounded<'a>(
    api: &'a Api<'a>,
    sink: &mut Sink<'a>,
    kind: &'static Kind,
    judge: impl Fn(&Question<'a, '_>) -> Option<Verdict>,
) {
    let schemas = api.request_schemas();
    let mut names = Names::of(api, schemas);
    let wholes = RefCell::default();
    let (mut bounded, mut unbounded, mut pedantic) = (Vec::new(), Vec::new(), Vec::new());
    for schema in schemas.iter() {
        match judge(&Question { schemas, schema, wholes: &wholes }) {
            Some(Verdict::Bounded) => bounded.push(schema),
            Some(Verdict::Unbounded(effect)) => unbounded.push((schema, effect)),
            Some(Verdict::Pedantic) => pedantic.push(schema),
            None => {}
        }
    }
    let total = bounded.len() + unbounded.len();
    sink.examined(total + pedantic.len());
    sink.reserve(unbounded.len() + pedantic.len());
    if !pedantic.is_empty() {
        let group = pedantic_group(kind, sink);
        for schema in pedantic {
            let occurrence = sink.report_of(place_of(schema), names.full(schema), kind.pedantic[0]);
            occurrence.using(schema.schema.node(), Directions::REQUEST).in_group(group);
            occurrence.exposure(schema.exposure(api)).profile(Profile::Pedantic);
        }
    }
    if unbounded.is_empty() {
        return;
    }
    // Whole bodies and what stands right in them come first.
    unbounded.sort_by_key(|(schema, _)| schema.depth.min(2));
    let is_adopted =
        total >= kind.population && 100 * bounded.len() >= sink.integer(&ADOPTED_PERCENT) as usize * total;
    let example = bounded.iter().min_by_key(|schema| schema.depth.min(2));
    let example = example.map(|schema| (place_of(schema), names.full(schema)));
    let help = match &example {
        Some((_, example)) => format!("{}, as {example} is bounded", kind.fix),
        None => kind.fix.to_owned(),
    };
    let example = example.map(|(place, name)| (place, format!("{name} is bounded")));
    let share = [bounded.len(), total];
    let mut groups = Groups { kind, share, is_adopted, example, help, open: FxHashMap::default() };
    for (schema, effect) in unbounded {
        let group = groups.of(api, schema, sink);
        let (name, own) = names.full_and_own(schema);
        let occurrence = sink.report_of(place_of(schema), name, effect);
        occurrence.using(schema.schema.node(), Directions::REQUEST);
        occurrence.exposure(schema.exposure(api)).in_group(group);
        // The finding names the holder once.
        if let Some(length) = own.filter(|_| is_adopted) {
            occurrence.subject_start(length);
        } else if let Some(name) = is_adopted.then(|| schemas.name(schema)).flatten() {
            occurrence.subject(name);
        }
    }
}

/// The groups of one kind in one document: a single one, or one for each component and body.
struct Groups<'a> {
    kind: &'static Kind,
    /// How many are bounded, and of how many.
    share: [usize; 2],
    is_adopted: bool,
    /// A bounded one, and that it is.
    example: Option<(Place<'a>, String)>,
    /// What to do where bounds are in use.
    help: String,
    open: FxHashMap<u32, GroupId>,
}

impl<'a> Groups<'a> {
    fn of(&mut self, api: &'a Api<'a>, schema: &RequestSchema<'a>, sink: &mut Sink<'a>) -> GroupId {
        let key = if self.is_adopted { api.request_schemas().user(schema) } else { 0 };
        if let Some(&group) = self.open.get(&key) {
            return group;
        }
        let group = if self.is_adopted { self.of_user(api, key, sink) } else { self.of_document(sink) };
        if let Some((place, message)) = &self.example {
            sink.group_mut(group).related(*place, message.as_str());
        }
        sink.group_mut(group).show(SHOWN);
        self.open.insert(key, group);
        group
    }

    fn of_document(&self, sink: &mut Sink<'a>) -> GroupId {
        let Kind { nouns: [_, many], missing, effect, remedy, .. } = self.kind;
        sink.group(None, move |members| Description {
            message: match members.count {
                1 => members.message.to_owned(),
                count => format!("{count} {many} in request bodies have {missing}: {}", members.listed()),
            },
            label: (*effect).into(),
            help: (*remedy).into(),
        })
    }

    fn of_user(&self, api: &'a Api<'a>, user: u32, sink: &mut Sink<'a>) -> GroupId {
        let Kind { nouns: [one, many], missing, effect, .. } = self.kind;
        let [bounded, total] = self.share;
        let user = api.request_schemas().user_name(api, user);
        let help = self.help.clone();
        sink.group(None, move |members| Description {
            message: match members.count {
                1 => format!("{}, unlike {bounded} of {total} {many} in request bodies", members.message),
                count => format!(
                    "{count} {many} in {user} have {missing}, unlike {bounded} of {total} in request bodies: {}",
                    members.listed()
                ),
            },
            label: format!("this {one} {effect}"),
            help: help.clone(),
        })
    }
}

fn pedantic_group(kind: &'static Kind, sink: &mut Sink<'_>) -> GroupId {
    let Kind { nouns: [_, many], pedantic, .. } = kind;
    let group = sink.group(None, move |members| Description {
        message: match members.count {
            1 => format!("{} {}", members.first, pedantic[0]),
            count => format!("{count} {many} in request bodies {}: {}", pedantic[1], members.listed()),
        },
        label: "no bound to speak of".into(),
        help: "state the bounds that the implementation has".into(),
    });
    sink.group_mut(group).show(SHOWN);
    group
}

/// A schema of a request body that a rule is asked about.
struct Question<'a, 's> {
    schemas: &'s RequestSchemas<'a>,
    schema: &'s RequestSchema<'a>,
    /// Whether a composition bounds all its parts, by position: a wide one has many parts that ask.
    wholes: &'s RefCell<FxHashMap<(&'static str, u32), bool>>,
}

impl<'a> Question<'a, '_> {
    /// Whether `test` holds for every instance: because of the schema, or of a composition that it is a part of.
    /// A rule asks with one test for each `aspect`.
    fn always(&self, aspect: &'static str, test: &dyn Fn(Schema<'a>) -> bool) -> bool {
        if self.schema.schema.always(test) {
            return true;
        }
        // Few are parts of a composition.
        if self.schemas.whole(self.schema).is_none() {
            return false;
        }
        let mut known = self.wholes.borrow_mut();
        let mut open = Vec::new();
        let mut answer = false;
        let mut at = self.schema;
        while let Some(whole) = self.schemas.whole(at) {
            let key = (aspect, whole.index);
            answer = known.get(&key).copied().unwrap_or_else(|| {
                open.push(key);
                whole.schema.parts().into_iter().any(test)
            });
            if answer || open.last() != Some(&key) {
                break;
            }
            at = whole;
        }
        known.extend(open.into_iter().map(|key| (key, answer)));
        answer
    }
}

/// Where what a schema lacks is missing: its `type`, or its key.
fn place_of<'a>(schema: &RequestSchema<'a>) -> Place<'a> {
    schema.schema.type_().map_or(Place::key(schema.schema.node()), Place::value)
}
