//! `internal-field-in-response`: columns of the database, for everyone to read.

use crate::lint::{
    Check, Confidence, Description, OptionKind, Profile, Rule, RuleOption, Scope, Severity, Sink,
};
use crate::model::naming::{is_audit_field, is_internal_field};
use crate::model::words::words;
use crate::model::{Api, Directions, ObjectType, Schema, Usage};
use crate::syntax::{Atom, Node, Place};

pub(super) static RULE: Rule = Rule {
    id: "internal-field-in-response",
    birth_id: "internal-field-in-response",
    summary: "responses carry fields of the implementation, which tell how data is stored and what was deleted",
    category: "data-exposure",
    severity: Severity::Info,
    confidence: Confidence::Medium,
    profile: Profile::Pedantic,
    owasp: &["API3:2023"],
    cwe: &[213, 201],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[],
    options: &[&NAMES, &ACCEPTED],
    check: Check::Api(check),
    page: include_str!("../../../rules/data-exposure/internal-field-in-response.md"),
};

static NAMES: RuleOption = RuleOption {
    name: "names",
    kind: OptionKind::Names,
    doc: "further properties that are fields of the implementation",
};
static ACCEPTED: RuleOption =
    RuleOption { name: "accepted", kind: OptionKind::Names, doc: "properties that clients are meant to see" };

/// How many of the fields are shown.
const SHOWN: usize = 5;

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let usage = api.usage();
    let mut fields = Vec::new();
    for owner in api.document.nodes(ObjectType::Schema) {
        if !usage.directions(owner).intersects(Directions::SUCCESS) {
            continue;
        }
        let Some(properties) = owner.get(Atom::PROPERTIES) else { continue };
        sink.examined(properties.entries().count());
        let sent = properties.entries().map(|entry| entry.value).filter(|field| is_sent(api, usage, *field));
        let sent: Vec<_> = sent.collect();
        // Bookkeeping that no internal field stands beside.
        sink.remember(
            sent.iter().filter(|field| is_audit_field(field.key_text())).map(|&field| Place::key(field)),
        );
        fields.extend(internal_fields(sent, sink).into_iter().map(|field| (owner, field)));
    }
    if fields.is_empty() {
        return;
    }
    // In the order of reading, so that neither the order of keys nor the files decide which is named first.
    fields.sort_by_key(|(owner, field)| (usage.reading_place(api, *owner), field.key_text()));
    let group = sink.group(None, |members| Description {
        message: match members.count {
            1 => format!("{} looks internal and is sent to clients", members.first),
            _ => format!("{} look internal and are sent to clients", members.named()),
        },
        label: "a field of the implementation".into(),
        help: "answer with schemas of their own that name only what clients need, not with the stored record"
            .into(),
    });
    sink.group_mut(group).show(SHOWN);
    for (owner, field) in fields {
        // Without the component's name: a schema may stand alone in a file.
        let name = format!("`{}`", field.key_text());
        sink.report(Place::key(field), format!("{name} looks internal"))
            .using(owner, Directions::SUCCESS)
            .subject(name)
            .in_group(group);
    }
}

/// Properties that are named like fields of an implementation. Clients often want to know who made or changed a thing;
/// beside such a field it is the bookkeeping of a record.
fn internal_fields<'a>(properties: Vec<Node<'a>>, sink: &Sink<'_>) -> Vec<Node<'a>> {
    let is_accepted = |field: &Node<'_>| sink.lists(&ACCEPTED, field.key_text());
    let is_internal = |field: &Node<'_>| {
        let name = field.key_text();
        !is_accepted(field) && (is_internal_field(name) && !is_setting(*field) || sink.lists(&NAMES, name))
    };
    if !properties.iter().any(is_internal) {
        return Vec::new();
    }
    let mut fields = properties;
    fields.retain(|field| is_internal(field) || is_audit_field(field.key_text()) && !is_accepted(field));
    fields
}

/// `debug: true` is a setting of what is described; any other value is what a debugger wants to see.
fn is_setting(property: Node<'_>) -> bool {
    words(property.key_text()).next().is_some_and(|word| word.eq_ignore_ascii_case("debug"))
        && property.get(Atom::TYPE).is_some_and(|written| written.text() == "boolean")
}

/// Whether responses carry the property: it is not `writeOnly`.
fn is_sent<'a>(api: &'a Api<'a>, usage: &Usage, property: Node<'a>) -> bool {
    Schema::seen(api.document, property)
        .is_some_and(|schema| usage.directions(schema.node()).intersects(Directions::SUCCESS))
}
