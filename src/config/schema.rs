//! The JSON Schema of `oasguard.yaml`, for editors that complete and check it.

use serde_json::{Map, Value, json};

use super::settings::{Item, Kind, Lock, SETTINGS, SEVERITIES, Setting};
use crate::lint::{OptionKind, Rule};
use crate::rules;

/// The schema (JSON Schema 2020-12), as `schemas/config-v1.schema.json` holds it.
pub fn schema() -> Value {
    let ids = rules::all().into_iter().map(|rule| rule.id).chain(rules::categories());
    let keys = SETTINGS.iter().filter(|setting| setting.lock != Lock::Never).map(|setting| setting.name);
    let mut schema = object(SETTINGS);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["$id"] = json!(format!("{}/raw/main/schemas/config-v1.schema.json", env!("CARGO_PKG_REPOSITORY")));
    schema["title"] = json!("oasguard.yaml");
    schema["description"] = json!("Settings of oasguard, a static security linter for OpenAPI documents.");
    // A file of comments says nothing.
    schema["type"] = json!(["object", "null"]);
    schema["$defs"] = json!({
        "rule": { "enum": ids.clone().collect::<Vec<_>>() },
        "lock": { "enum": keys.chain(ids).collect::<Vec<_>>() },
        "text": { "type": ["string", "number", "boolean"], "minLength": 1 },
        "rules": of_rules(),
    });
    schema
}

/// The schema as a text, with a line break at its end.
pub fn schema_text() -> String {
    format!("{:#}\n", schema())
}

fn object(table: &[Setting]) -> Value {
    let properties = table.iter().map(|setting| (setting.name.to_owned(), of_setting(setting)));
    json!({ "type": "object", "additionalProperties": false, "properties": properties.collect::<Map<_, _>>() })
}

fn of_setting(setting: &Setting) -> Value {
    let mut schema = of_kind(setting.kind);
    if setting.name == "suppressions" {
        let either = json!([{ "required": ["rules"] }, { "required": ["fingerprints"] }]);
        schema["items"]["required"] = json!(["reason"]);
        schema["items"]["anyOf"] = either;
    }
    if let ("overrides" | "public", Kind::Entries(table)) = (setting.name, setting.kind) {
        let selects =
            table.iter().filter(|inner| matches!(inner.kind, Kind::List(item) if item != Item::Rule));
        let either = selects.map(|inner| json!({ "required": [inner.name] }));
        schema["items"]["anyOf"] = either.collect();
    }
    schema["description"] = json!(setting.doc);
    let default = match setting.kind {
        Kind::Boolean => Some(json!(setting.default == "true")),
        Kind::Choice(_) | Kind::Size => Some(json!(setting.default)),
        Kind::Integer { .. } => setting.default.parse::<u64>().ok().map(|number| json!(number)),
        _ => None,
    };
    if let Some(default) = default.filter(|_| !setting.default.is_empty()) {
        schema["default"] = default;
    }
    schema
}

fn of_kind(kind: Kind) -> Value {
    match kind {
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Choice(choices) => json!({ "enum": choices }),
        Kind::Integer { least, most } => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Kind::Size => json!({
            "type": ["integer", "string"],
            "minimum": 1,
            "exclusiveMaximum": u32::MAX,
            "pattern": "^[0-9]+[kKmMgG]?$",
        }),
        Kind::Text | Kind::Path => json!({ "$ref": "#/$defs/text" }),
        Kind::Date => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
        Kind::List(item) => json!({ "type": "array", "items": of_item(item) }),
        Kind::Rules => json!({ "$ref": "#/$defs/rules" }),
        Kind::Object(table) => object(table),
        Kind::Entries(table) => json!({ "type": "array", "items": object(table) }),
    }
}

fn of_item(item: Item) -> Value {
    match item {
        Item::Rule => json!({ "$ref": "#/$defs/rule" }),
        Item::Lock => json!({ "$ref": "#/$defs/lock" }),
        Item::Pointer => json!({ "type": "string", "pattern": "^/" }),
        Item::Fingerprint => json!({ "type": ["string", "number"], "pattern": "^[0-9a-f]{8,32}$" }),
        Item::Method => json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]+$" }),
        Item::Files | Item::Template | Item::Text | Item::Path => json!({ "$ref": "#/$defs/text" }),
    }
}

/// What may be said about each rule and each category.
fn of_rules() -> Value {
    let all = rules::all();
    let of_rule = all.iter().map(|rule| (rule.id.to_owned(), of_rule(&[rule], rule.summary)));
    let of_category = rules::categories().into_iter().map(|category| {
        let members: Vec<&Rule> = all.iter().copied().filter(|rule| rule.category == category).collect();
        (category.to_owned(), of_rule_list(&members, category))
    });
    let properties: Map<String, Value> = of_rule.chain(of_category).collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn of_rule_list(members: &[&Rule], category: &str) -> Value {
    of_rule(members, &format!("every rule of the category `{category}`"))
}

fn of_rule(members: &[&Rule], description: &str) -> Value {
    let mut properties = Map::new();
    properties.insert("severity".to_owned(), json!({ "enum": SEVERITIES }));
    for option in members.iter().flat_map(|rule| rule.options) {
        let mut schema = match option.kind {
            OptionKind::Integer { least, most, default } => {
                json!({ "type": "integer", "minimum": least, "maximum": most, "default": default })
            }
            OptionKind::Names | OptionKind::Templates => {
                json!({ "type": "array", "items": { "$ref": "#/$defs/text" } })
            }
        };
        schema["description"] = json!(option.doc);
        properties.insert(option.name.to_owned(), schema);
    }
    json!({
        "type": "object",
        "additionalProperties": false,
        "description": description,
        "properties": properties,
    })
}
