//! Statements in extensions: `x-oasguard-ignore` and `x-oasguard-public`, which JSON, too, can hold.

use rustc_hash::FxHashSet;

use super::{FaultKind, Statement, StatementForm, StatementKind, Target, Word};
use crate::model::{Document, ObjectType};
use crate::source::FileId;
use crate::syntax::{Atom, Entry, File, Kind, Node, Place};

/// Reads the extensions of every object that the document reaches. Examples and other data are no objects, and a property
/// that happens to be called so is none either.
pub(super) fn read<'a>(document: &'a Document, statements: &mut Vec<Statement<'a>>) {
    // The readers know which keywords a file has: hardly any has these.
    let has_any = |file: &File| {
        [Atom::X_OASGUARD_IGNORE, Atom::X_OASGUARD_PUBLIC].iter().any(|&key| file.tree.has_keyword(key))
    };
    let files = document.files().iter().filter(|(_, file)| file.errors.is_empty() && has_any(file));
    let files: FxHashSet<FileId> = files.map(|(id, _)| id).collect();
    if files.is_empty() {
        return;
    }
    let mut seen = FxHashSet::default();
    let can_have = |object_type: &&ObjectType| **object_type != ObjectType::SecurityRequirement;
    for &object_type in ObjectType::ALL.iter().filter(can_have) {
        for object in document.nodes(object_type).filter(|node| files.contains(&node.file())) {
            if seen.insert(object.identity()) {
                read_object(object, statements);
            }
        }
    }
}

/// Reads what stands in an object itself; what a merge key brings in belongs to where it is written.
fn read_object<'a>(object: Node<'a>, statements: &mut Vec<Statement<'a>>) {
    for entry in object.written_entries() {
        match entry.key.atom() {
            Some(Atom::X_OASGUARD_IGNORE) => read_ignore(object, &entry, statements),
            Some(Atom::X_OASGUARD_PUBLIC) => statements.push(read_public(object, &entry)),
            _ => {}
        }
    }
}

fn read_ignore<'a>(object: Node<'a>, entry: &Entry<'a>, statements: &mut Vec<Statement<'a>>) {
    let value = entry.value;
    if value.is_array() && value.items().next().is_some() {
        statements.extend(value.items().map(|item| read_one(object, entry, item)));
    } else {
        statements.push(read_one(object, entry, value));
    }
}

/// One rule, or an object with rules, reason and date.
fn read_one<'a>(object: Node<'a>, entry: &Entry<'a>, value: Node<'a>) -> Statement<'a> {
    let mut statement = begin(StatementKind::Ignore, object, entry);
    match value.kind() {
        Kind::String => add_rule(value, &mut statement),
        Kind::Object => read_members(value, &mut statement),
        Kind::Array if value.items().next().is_none() => {
            statement.fault(FaultKind::NoRule, statement.span);
        }
        _ => statement.fault(FaultKind::WrongKind, entry.key.span()),
    }
    if statement.rules.is_empty() && statement.faults.is_empty() {
        statement.fault(FaultKind::NoRule, statement.span);
    }
    if let Some(first) = statement.rules.first() {
        statement.span = first.span;
    }
    statement
}

fn read_public<'a>(object: Node<'a>, entry: &Entry<'a>) -> Statement<'a> {
    let mut statement = begin(StatementKind::Public, object, entry);
    match entry.value.kind() {
        Kind::Bool if entry.value.as_bool() == Some(true) => {}
        Kind::Object => read_members(entry.value, &mut statement),
        _ => statement.fault(FaultKind::WrongKind, entry.key.span()),
    }
    statement
}

fn begin<'a>(kind: StatementKind, object: Node<'a>, entry: &Entry<'a>) -> Statement<'a> {
    let mut statement = Statement::at(kind, StatementForm::Extension, Place::key(object), entry.key.span());
    statement.target = Target::Node(object);
    statement
}

fn read_members<'a>(value: Node<'a>, statement: &mut Statement<'a>) {
    let takes_rules = statement.kind == StatementKind::Ignore;
    for member in value.entries() {
        match member.key.text() {
            name @ ("rule" | "rules") if takes_rules => {
                if !statement.rules.is_empty() {
                    statement.fault(FaultKind::Repeated(name), member.key.span());
                }
                match member.value.is_array() {
                    true => member.value.items().for_each(|item| add_rule(item, statement)),
                    false => add_rule(member.value, statement),
                }
            }
            "reason" => statement.reason = text_of(&member, statement),
            "until" => statement.until = text_of(&member, statement),
            other => statement.fault(FaultKind::Unexpected(other), member.key.span()),
        }
    }
}

fn text_of<'a>(member: &Entry<'a>, statement: &mut Statement<'a>) -> Option<Word<'a>> {
    let value = member.value;
    match value.as_str() {
        Some(text) if !text.trim().is_empty() => return Some(Word { text, span: value.span() }),
        Some(_) => {
            statement.fault(FaultKind::NoValue(member.key.text()), value.span());
        }
        None => statement.fault(FaultKind::WrongKind, member.key.span()),
    }
    None
}

fn add_rule<'a>(value: Node<'a>, statement: &mut Statement<'a>) {
    match value.as_str().map(str::trim) {
        Some("") => statement.fault(FaultKind::NoRule, value.span()),
        Some(text) => statement.rules.push(Word { text, span: value.span() }),
        None => {
            let key = value.key().map_or(statement.span, Node::span);
            statement.fault(FaultKind::WrongKind, key);
        }
    }
}
