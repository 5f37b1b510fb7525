//! Our model against `openapiv3` on every 3.0 document that it can read.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use oasguard::model::{Api, Document, Object, Schema, Security, Version, reference_value};
use oasguard::source::Limits;
use oasguard::syntax::{Atom, File, Node};
use openapiv3 as v3;
use rayon::prelude::*;
use serde_json::Value;

use crate::support::{corpus, directory, report};

/// What a document says, each statement under its place.
type Statements = BTreeMap<String, Vec<String>>;

fn state(statements: &mut Statements, place: String, mut said: Vec<String>) {
    said.sort();
    statements.insert(place, said);
}

/// What our model reads.
fn ours(api: &Api<'_>) -> Statements {
    let mut statements = Statements::new();
    for operation in api.path_operations() {
        let at = format!("{} {}", operation.method.text().to_ascii_lowercase(), operation.path);
        let parameters = api.parameters_of(operation).map(|parameter| {
            let required = parameter.required().and_then(Node::as_bool) == Some(true);
            Some((parameter.name()?.text(), parameter.location()?.text(), required, parameter))
        });
        let parameters: Vec<_> = parameters.flatten().collect();
        let named =
            parameters.iter().map(|(name, location, required, _)| format!("{location}:{name}:{required}"));
        // A list may wrongly name a parameter twice; we keep both.
        let named: std::collections::BTreeSet<_> = named.collect();
        state(&mut statements, format!("{at} parameters"), named.into_iter().collect());
        for (name, location, _, parameter) in &parameters {
            if let Some(schema) =
                parameter.field(Atom::SCHEMA).filter(|schema| reference_value(*schema).is_none())
            {
                let shape = our_shape(Schema::new(api.document, schema));
                state(&mut statements, format!("{at} {location}:{name}"), shape);
            }
        }
        state(&mut statements, format!("{at} security"), our_requirements(&operation.security));
        let codes = operation.responses().map(|response| response.written.key_text().to_ascii_uppercase());
        state(&mut statements, format!("{at} responses"), codes.filter(|code| is_code(code)).collect());
    }
    state(&mut statements, "security".into(), our_requirements(&api.root_security));
    let schemas = api.document.root().components().into_iter().flat_map(|components| components.schemas());
    for schema in schemas.filter(|schema| reference_value(schema.written.dealiased()).is_none()) {
        let shape = our_shape(Schema::new(api.document, schema.written.dealiased()));
        state(&mut statements, format!("schema {}", schema.written.key_text()), shape);
    }
    statements
}

/// What `openapiv3` takes for a status code; it ignores other keys.
fn is_code(code: &str) -> bool {
    code == "DEFAULT" || code.len() == 3 && code.starts_with(|c: char| c.is_ascii_digit())
}

fn our_requirements(security: &Security<'_>) -> Vec<String> {
    let alternatives = security.alternatives.iter().map(|alternative| {
        let mut schemes: Vec<_> = alternative
            .schemes
            .iter()
            .map(|required| {
                let mut scopes: Vec<_> = required.scopes().collect();
                scopes.sort_unstable();
                format!("{}{scopes:?}", required.name())
            })
            .collect();
        schemes.sort();
        format!("{schemes:?}")
    });
    let mut said: Vec<_> = alternatives.collect();
    said.dedup();
    if security.node.is_none() {
        said.push("nothing".into());
    }
    said
}

/// Type, bounds, enum and pattern.
fn our_shape(schema: Schema<'_>) -> Vec<String> {
    let mut said = Vec::new();
    let numbers = [
        ("minimum", schema.minimum()),
        ("maximum", schema.maximum()),
        ("multipleOf", schema.multiple_of()),
        ("minLength", schema.min_length()),
        ("maxLength", schema.max_length()),
        ("minItems", schema.min_items()),
        ("maxItems", schema.max_items()),
        ("minProperties", schema.min_properties()),
        ("maxProperties", schema.max_properties()),
    ];
    for (keyword, node) in numbers {
        said.extend(node.and_then(Node::as_f64).map(|number| format!("{keyword} {number:e}")));
    }
    for (keyword, node) in [
        ("exclusiveMinimum", schema.exclusive_minimum()),
        ("exclusiveMaximum", schema.exclusive_maximum()),
        ("uniqueItems", schema.unique_items()),
    ] {
        said.extend(node.filter(|node| node.as_bool() == Some(true)).map(|_| keyword.to_owned()));
    }
    said.extend(schema.type_().map(|node| format!("type {}", node.text())));
    said.extend(schema.pattern().map(|node| format!("pattern {}", node.text())));
    let values = schema.enumeration().into_iter().flat_map(Node::items);
    said.extend(values.map(|value| match value.as_f64() {
        Some(number) => format!("enum {number:e}"),
        None => format!("enum {}", value.text()),
    }));
    said
}

/// What `openapiv3` reads; nothing if it leaves out what it cannot express.
struct Theirs<'a> {
    document: &'a v3::OpenAPI,
    value: &'a Value,
}

impl Theirs<'_> {
    fn statements(&self) -> Statements {
        let mut statements = Statements::new();
        for (path, item) in &self.document.paths.paths {
            // A path item that is a reference has no operations of its own for `openapiv3`.
            let item = match item {
                v3::ReferenceOr::Item(item) => Some(item.clone()),
                v3::ReferenceOr::Reference { reference } => self.resolve(reference),
            };
            for (method, operation) in item.iter().flat_map(v3::PathItem::iter) {
                self.operation(&format!("{method} {path}"), item.as_ref(), operation, &mut statements);
            }
        }
        let root = self.document.security.as_ref();
        state(&mut statements, "security".into(), requirements(root));
        let schemas = self.document.components.iter().flat_map(|components| &components.schemas);
        for (name, schema) in schemas {
            if let v3::ReferenceOr::Item(schema) = schema {
                state(&mut statements, format!("schema {name}"), shape(schema));
            }
        }
        statements
    }

    fn operation(
        &self,
        at: &str,
        item: Option<&v3::PathItem>,
        operation: &v3::Operation,
        statements: &mut Statements,
    ) {
        let inherited = item.into_iter().flat_map(|item| &item.parameters);
        let mut merged: BTreeMap<(String, String), v3::Parameter> = BTreeMap::new();
        for parameter in inherited.chain(&operation.parameters) {
            let parameter = match parameter {
                v3::ReferenceOr::Item(parameter) => Some(parameter.clone()),
                v3::ReferenceOr::Reference { reference } => self.resolve(reference),
            };
            if let Some(parameter) = parameter {
                merged.insert(
                    (location(&parameter).into(), parameter.parameter_data_ref().name.clone()),
                    parameter,
                );
            }
        }
        let named = merged.iter().map(|((location, name), parameter)| {
            format!("{location}:{name}:{}", parameter.parameter_data_ref().required)
        });
        state(statements, format!("{at} parameters"), named.collect());
        for ((location, name), parameter) in &merged {
            let format = &parameter.parameter_data_ref().format;
            if let v3::ParameterSchemaOrContent::Schema(v3::ReferenceOr::Item(schema)) = format {
                state(statements, format!("{at} {location}:{name}"), shape(schema));
            }
        }
        let security = operation.security.as_ref().or(self.document.security.as_ref());
        state(statements, format!("{at} security"), requirements(security));
        let codes = operation.responses.responses.keys().map(|code| code.to_string().to_ascii_uppercase());
        let default = operation.responses.default.iter().map(|_| "DEFAULT".to_owned());
        state(statements, format!("{at} responses"), codes.chain(default).collect());
    }

    /// What a reference leads to, through further references.
    fn resolve<T: serde::de::DeserializeOwned>(&self, reference: &str) -> Option<T> {
        let mut reference = reference.to_owned();
        for _ in 0..100 {
            let pointer =
                reference.strip_prefix('#')?.replace("%7B", "{").replace("%7D", "}").replace("%20", " ");
            let target = self.value.pointer(&pointer)?;
            match target.get("$ref").and_then(Value::as_str) {
                Some(next) => reference = next.to_owned(),
                None => return serde_json::from_value(target.clone()).ok(),
            }
        }
        None
    }
}

fn location(parameter: &v3::Parameter) -> &'static str {
    match parameter {
        v3::Parameter::Query { .. } => "query",
        v3::Parameter::Header { .. } => "header",
        v3::Parameter::Path { .. } => "path",
        v3::Parameter::Cookie { .. } => "cookie",
    }
}

fn requirements(security: Option<&Vec<v3::SecurityRequirement>>) -> Vec<String> {
    let Some(security) = security else { return vec!["nothing".into()] };
    let alternatives = security.iter().map(|alternative| {
        let mut schemes: Vec<_> = alternative
            .iter()
            .map(|(name, scopes)| {
                let mut scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
                scopes.sort_unstable();
                format!("{name}{scopes:?}")
            })
            .collect();
        schemes.sort();
        format!("{schemes:?}")
    });
    let mut said: Vec<_> = alternatives.collect();
    said.dedup();
    said
}

fn shape(schema: &v3::Schema) -> Vec<String> {
    let mut said = Vec::new();
    let mut number = |keyword: &str, value: Option<f64>| {
        said.extend(value.map(|number| format!("{keyword} {number:e}")));
    };
    let size = |value: Option<usize>| value.map(|value| value as f64);
    let whole = |value: Option<i64>| value.map(|value| value as f64);
    let mut flags: Vec<(&str, bool)> = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    let mut type_name = |name: &str| texts.push(format!("type {name}"));
    let mut values: Vec<String> = Vec::new();
    let float_text =
        |value: &Option<f64>| value.map(|value| format!("enum {value:e}")).unwrap_or("enum null".into());
    match &schema.schema_kind {
        v3::SchemaKind::Type(v3::Type::String(string)) => {
            type_name("string");
            number("minLength", size(string.min_length));
            number("maxLength", size(string.max_length));
            texts.extend(string.pattern.iter().map(|pattern| format!("pattern {pattern}")));
            let text = |value: &Option<String>| format!("enum {}", value.as_deref().unwrap_or("null"));
            values.extend(string.enumeration.iter().map(text));
        }
        v3::SchemaKind::Type(v3::Type::Number(of)) => {
            type_name("number");
            number("minimum", of.minimum);
            number("maximum", of.maximum);
            number("multipleOf", of.multiple_of);
            flags.extend([
                ("exclusiveMinimum", of.exclusive_minimum),
                ("exclusiveMaximum", of.exclusive_maximum),
            ]);
            values.extend(of.enumeration.iter().map(float_text));
        }
        v3::SchemaKind::Type(v3::Type::Integer(of)) => {
            type_name("integer");
            number("minimum", whole(of.minimum));
            number("maximum", whole(of.maximum));
            number("multipleOf", whole(of.multiple_of));
            flags.extend([
                ("exclusiveMinimum", of.exclusive_minimum),
                ("exclusiveMaximum", of.exclusive_maximum),
            ]);
            values.extend(of.enumeration.iter().map(|value| float_text(&value.map(|value| value as f64))));
        }
        v3::SchemaKind::Type(v3::Type::Boolean(of)) => {
            type_name("boolean");
            let text =
                |value: &Option<bool>| value.map_or("enum null".to_owned(), |value| format!("enum {value}"));
            values.extend(of.enumeration.iter().map(text));
        }
        v3::SchemaKind::Type(v3::Type::Object(of)) => {
            type_name("object");
            number("minProperties", size(of.min_properties));
            number("maxProperties", size(of.max_properties));
        }
        v3::SchemaKind::Type(v3::Type::Array(of)) => {
            type_name("array");
            number("minItems", size(of.min_items));
            number("maxItems", size(of.max_items));
            flags.push(("uniqueItems", of.unique_items));
        }
        v3::SchemaKind::Any(of) => {
            of.typ.iter().for_each(|name| type_name(name));
            number("minimum", of.minimum);
            number("maximum", of.maximum);
            number("multipleOf", of.multiple_of);
            number("minLength", size(of.min_length));
            number("maxLength", size(of.max_length));
            number("minItems", size(of.min_items));
            number("maxItems", size(of.max_items));
            number("minProperties", size(of.min_properties));
            number("maxProperties", size(of.max_properties));
            flags.extend([
                ("exclusiveMinimum", of.exclusive_minimum == Some(true)),
                ("exclusiveMaximum", of.exclusive_maximum == Some(true)),
                ("uniqueItems", of.unique_items == Some(true)),
            ]);
            texts.extend(of.pattern.iter().map(|pattern| format!("pattern {pattern}")));
            values.extend(of.enumeration.iter().map(|value| match value {
                Value::String(text) => format!("enum {text}"),
                Value::Number(number) => float_text(&number.as_f64()),
                Value::Array(_) | Value::Object(_) => "enum ".to_owned(),
                other => format!("enum {other}"),
            }));
        }
        // Compositions alone: nothing that is compared.
        _ => {}
    }
    said.extend(flags.into_iter().filter(|(_, is_set)| *is_set).map(|(keyword, _)| keyword.to_owned()));
    said.extend(texts);
    said.extend(values);
    said
}

/// Compares one document; the number of statements, or nothing if `openapiv3` cannot read it.
fn compare(path: &Path) -> Result<Option<usize>, String> {
    let Ok(text) = std::fs::read_to_string(path) else { return Ok(None) };
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let file = File::parse(path.to_owned(), name.to_owned(), text, &Limits::default());
    let Ok(document) = Document::of_file(Arc::new(file)) else { return Ok(None) };
    if document.version() != Version::V3_0 {
        return Ok(None);
    }
    let text = &document.files().file(oasguard::source::FileId::ROOT).text;
    // It panics where a key stands twice.
    let read = || -> Option<(v3::OpenAPI, Value)> {
        if name.ends_with(".json") {
            Some((serde_json::from_str(text).ok()?, serde_json::from_str(text).ok()?))
        } else {
            Some((serde_yaml::from_str(text).ok()?, serde_yaml::from_str(text).ok()?))
        }
    };
    let Ok(Some((parsed, value))) = catch_unwind(AssertUnwindSafe(read)) else { return Ok(None) };
    let mut theirs = Theirs { document: &parsed, value: &value }.statements();
    let mut ours = ours(&Api::of(&document));
    // It knows no path without a `/` and ignores it.
    let is_known = |place: &String| {
        let path = place.split(' ').nth(1).unwrap_or_default();
        place.starts_with("schema ") || place == "security" || path.starts_with('/')
    };
    ours.retain(|place, _| is_known(place));
    let places: Vec<String> = ours.keys().chain(theirs.keys()).cloned().collect();
    for place in places {
        let (mine, other) = (ours.remove(&place), theirs.remove(&place));
        if mine != other {
            return Err(format!("{place}: we {mine:?}, they {other:?}"));
        }
        theirs.extend(mine.map(|said| (format!("= {place}"), said)));
    }
    Ok(Some(theirs.values().map(|said| said.len().max(1)).sum()))
}

fn compare_all(paths: &[PathBuf]) {
    let (documents, statements) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let failure = |path: &PathBuf| match compare(path) {
        Ok(count) => {
            documents.fetch_add(usize::from(count.is_some()), Relaxed);
            statements.fetch_add(count.unwrap_or(0), Relaxed);
            None
        }
        Err(difference) => Some(format!("{path:?}: {difference}")),
    };
    let failures: Vec<String> = paths.par_iter().filter_map(failure).collect();
    println!("{documents:?} of {} documents, {statements:?} statements compared", paths.len());
    report(&failures);
    assert!(documents.into_inner() > 0 && statements.into_inner() > 0);
}

#[test]
fn the_model_of_the_directory_is_what_openapiv3_reads() {
    let Some(paths) = directory() else { return };
    compare_all(&paths);
}

#[test]
fn the_model_of_the_corpus_is_what_openapiv3_reads() {
    let Some((_, paths)) = corpus() else { return };
    compare_all(&paths);
}
