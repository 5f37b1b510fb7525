//! Words that would be findings elsewhere mean nothing in examples, defaults, enumerations, extensions, prose and names.

use oasguard::lint::Finding;

use crate::support::findings;
use crate::tree::Tree;

/// A document with nothing to find; `§` marks where data may stand, in a place for each kind of data.
const CLEAN: &str = r##"
openapi: 3.1.0
info: {title: Shop, version: '1', description: A shop, x-data: §}
x-data: §
servers: [{url: 'https://api.shop.com/v1', x-data: §, variables: {v: {default: a, x-data: §}}}]
security: [{bearer: []}]
tags: [{name: a, x-data: §}]
paths:
  x-data: §
  /carts:
    x-data: §
    parameters:
    - {name: trace, in: header, x-data: §, example: §, schema: {type: string, maxLength: 9, default: §, enum: [§], examples: [§]}}
    post:
      x-data: §
      operationId: addCart
      parameters:
      - {name: q, in: query, schema: {type: string, const: §, x-data: §}, examples: {a: {value: §, dataValue: §}}}
      requestBody:
        x-data: §
        content:
          application/json:
            x-data: §
            example: §
            schema: {$ref: '#/components/schemas/Cart'}
            examples: {a: {value: §}}
            encoding: {a: {x-data: §}}
      responses:
        x-data: §
        '200':
          x-data: §
          description: ok
          headers: {h: {schema: {type: string}, example: §}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Cart'}, example: §}}
          links: {l: {operationId: addCart, x-data: §, parameters: {a: §}, requestBody: §}}
        '429': {description: slow down, headers: {Retry-After: {schema: {type: integer}}}}
      callbacks: {x-data: §, c: {x-data: §}}
components:
  x-data: §
  securitySchemes: {bearer: {type: http, scheme: bearer, x-data: §}}
  examples: {e: {value: §, x-data: §}}
  schemas:
    Cart:
      type: object
      x-data: §
      default: §
      example: §
      examples: [§]
      enum: [§]
      const: §
      dependentRequired: {a: [§]}
      properties:
        lines: {type: array, maxItems: 9, items: {type: string, maxLength: 9}, default: §, x-data: §}
        kind: {type: string, const: §, if: {const: §}, enum: [§]}
"##;

/// Values that are findings where they are no data.
const TRIGGERS: &[&str] = &[
    r#"{"security": []}"#,
    r#"[]"#,
    r#"{"servers": [{"url": "http://api.shop.com"}], "url": "http://api.shop.com"}"#,
    r#""http://api.shop.com""#,
    r##"{"$ref": "#/components/schemas/Missing"}"##,
    r#"{"$ref": "http://evil.example.com/a.yaml"}"#,
    r#"{"$ref": "../../../etc/passwd"}"#,
    r##"[{"$ref": "#/nowhere"}, {"schema": {"$ref": "missing.yaml"}}]"##,
    r#"{"type": "apiKey", "in": "query", "name": "key"}"#,
    r#"{"securitySchemes": {"key": {"type": "apiKey", "in": "query", "name": "key"}}}"#,
    r#"{"type": "array", "items": {"type": "array"}}"#,
    r#"{"schema": {"type": "array"}, "requestBody": {"content": {"a/b": {"schema": {"type": "array"}}}}}"#,
    r#"{"name": "limit", "in": "query", "schema": {"type": "integer"}}"#,
    r#"{"parameters": [{"name": "id", "in": "path", "schema": {"type": "integer"}}]}"#,
    r#"{"paths": {"/orders/{id}": {"delete": {"parameters": [{"name": "id", "in": "path", "schema": {"type": "integer"}}]}}}}"#,
    r#"{"post": {"security": [], "responses": {}}, "openapi": "2.0", "swagger": "2.0"}"#,
    r##"{"allOf": [{"$ref": "#/components/schemas/Cart"}], "$id": "https://other.example.com/", "$anchor": "a"}"##,
    r#"{"discriminator": {"propertyName": "a", "mapping": {"a": "Missing"}}}"#,
    r#""security: [] http://api.shop.com $ref in: query type: array limit""#,
];

fn clean_with(trigger: &str) -> String {
    CLEAN.replace('§', trigger)
}

fn place(finding: &Finding) -> String {
    format!("{} at {}: {}", finding.rule, finding.location.pointer, finding.message)
}

fn assert_silent(text: &str, what: &str) {
    let found: Vec<_> = findings("a.yaml", text).iter().map(place).collect();
    assert_eq!(found, [""; 0], "{what}");
}

#[test]
fn the_clean_document_is_clean() {
    assert_silent(&clean_with("null"), "nothing");
}

#[test]
fn data_is_never_taken_for_a_part_of_the_document() {
    for trigger in TRIGGERS {
        assert_silent(&clean_with(trigger), trigger);
    }
}

/// Each place alone, so that one place does not hide what another does.
#[test]
fn every_place_of_data_is_silent_alone() {
    let places = CLEAN.matches('§').count();
    assert!(places > 40);
    for chosen in 0..places {
        let mut parts = CLEAN.split('§');
        let mut text = parts.next().unwrap_or_default().to_owned();
        for (index, part) in parts.enumerate() {
            text.push_str(if index == chosen { TRIGGERS[index % TRIGGERS.len()] } else { "null" });
            text.push_str(part);
        }
        assert_silent(&text, &format!("place {chosen}"));
    }
}

#[test]
fn prose_is_prose() {
    let prose =
        "security: [], no authentication, http://api.shop.com, $ref: missing, in: query, type: array, apiKey";
    let text = clean_with("null");
    let text = text.replace("description: A shop", &format!("summary: '{prose}', description: '{prose}'"));
    let text = text.replace(
        "      operationId: addCart\n",
        &format!("      summary: '{prose}'\n      description: '{prose}'\n"),
    );
    let text = text.replace("description: ok", &format!("description: '{prose}'"));
    let text = text.replace(
        "type: object",
        &format!(
            "type: object\n      title: '{prose}'\n      description: '{prose}'\n      $comment: '{prose}'"
        ),
    );
    assert_silent(&text, "prose");
}

/// Properties, components and examples may be called like keywords.
#[test]
fn names_are_names() {
    let keywords = [
        "$ref", "$id", "$anchor", "security", "servers", "type", "items", "properties", "allOf", "oneOf",
        "paths", "post", "get", "parameters", "in", "schema", "default", "enum", "example", "discriminator",
        "mapping", "limit", "id", "orderId", "apiKey", "password", "x-a", "openapi", "swagger", "maxItems",
        "url", "additionalProperties", "components", "securitySchemes", "callbacks", "__proto__",
    ];
    for keyword in keywords {
        let plain = format!(
            "'{keyword}': {{type: string, maxLength: 9}}\n        z: {{type: object, properties: {{'{keyword}': {{type: integer, format: int32}}}}, required: ['{keyword}']}}"
        );
        let text = clean_with("null").replace("        lines:", &format!("        {plain}\n        lines:"));
        let text = text.replace(
            "  schemas:\n",
            &format!("  schemas:\n    '{}': {{type: string}}\n", keyword.replace('$', "")),
        );
        let text = text.replace(
            "examples: {e:",
            &format!("examples: {{'{}': {{value: 1}}, e:", keyword.replace('$', "")),
        );
        assert_silent(&text, keyword);
        // And an array below such a name is still found.
        let array = plain.replace("type: string", "type: array");
        let text = clean_with("null").replace("        lines:", &format!("        {array}\n        lines:"));
        let found = findings("a.yaml", &text);
        let rules: Vec<_> = found.iter().map(|finding| finding.rule).collect();
        assert_eq!(rules, ["unbounded-array"], "{keyword}");
        let token = keyword.replace('~', "~0").replace('/', "~1");
        assert!(
            found[0].location.pointer.contains(&format!("/properties/{token}/")),
            "{}",
            found[0].location.pointer
        );
    }
}

/// On a document that has findings, data changes none of them.
#[test]
fn data_beside_findings_changes_none() {
    let base = clean_with("null")
        .replace("maxItems: 9, ", "")
        .replace("https://", "http://")
        .replace("'429': {description: slow down, headers: {Retry-After: {schema: {type: integer}}}}", "");
    let before: Vec<_> = findings("a.yaml", &base).iter().map(place).collect();
    assert!(before.len() >= 3, "{before:?}");
    for trigger in TRIGGERS {
        let text = base.replace("null", trigger);
        let after: Vec<_> = findings("a.yaml", &text).iter().map(place).collect();
        assert_eq!(after, before, "{trigger}");
    }
}

/// The same in 2.0 and in JSON.
#[test]
fn data_is_data_in_every_version() {
    let swagger = r##"{"swagger": "2.0", "info": {"title": "t", "version": "1", "x-data": §}, "x-data": §, "host": "api.shop.com", "basePath": "/v1",
        "schemes": ["https"], "security": [{"key": []}], "paths": {"x-data": §, "/carts": {"x-data": §, "post": {"x-data": §,
        "parameters": [{"in": "body", "name": "b", "x-data": §, "schema": {"$ref": "#/definitions/Cart"}}, {"in": "query", "name": "q", "type": "string", "default": §, "enum": [§]}],
        "responses": {"200": {"description": "ok", "examples": {"application/json": §}, "schema": {"$ref": "#/definitions/Cart"}}, "429": {"description": "slow down", "headers": {"Retry-After": {"type": "integer"}}}}}}},
        "securityDefinitions": {"key": {"type": "apiKey", "in": "header", "name": "k", "x-data": §}},
        "definitions": {"Cart": {"type": "object", "example": §, "default": §, "enum": [§], "x-data": §, "properties": {"a": {"type": "string", "enum": [§], "default": §}}}}}"##;
    for trigger in TRIGGERS.iter().chain(&["null"]) {
        let text = swagger.replace('§', trigger);
        let found: Vec<_> = findings("a.json", &text).iter().map(place).collect();
        assert_eq!(found, [""; 0], "{trigger}");
        for version in ["3.0.3", "3.1.0", "3.2.0"] {
            let text = clean_with(trigger).replace("3.1.0", version);
            let json = Tree::read("a.yaml", &text, 100_000).expect("a document").json();
            let found: Vec<_> = findings("a.json", &json).iter().map(place).collect();
            assert_eq!(found, [""; 0], "{version} {trigger}");
        }
    }
}
