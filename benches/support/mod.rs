//! The document that the benches work on: generated, so that nothing large is shipped.
#![allow(dead_code, reason = "no bench uses all of it")]

use std::path::Path;

use oasguard::session::Session;
use serde_json::{Value, json};

/// A document with `paths` paths of two operations and as many schemas.
pub(crate) fn document(paths: usize) -> Value {
    let path = |n: usize| {
        let name = format!("/accounts/{{account}}/resources{n}/{{id}}");
        let parameter = |name: &str, place: &str| {
            json!({
                "name": name,
                "in": place,
                "required": place == "path",
                "description": format!("The \"{name}\" of resource {n}; see the guide."),
                "schema": { "type": "string", "maxLength": 64, "pattern": "^[a-z0-9-]+$" },
            })
        };
        let operation = |method: &str| {
            json!({
                "operationId": format!("{method}Resource{n}"),
                "tags": ["resources", format!("group{}", n % 7)],
                "description": "Works on one resource.\n\nThe caller needs the scope of its group: without it\nthe answer is 403.",
                "parameters": [parameter("account", "path"), parameter("id", "path"), parameter("limit", "query")],
                "responses": {
                    "200": {
                        "description": "The resource",
                        "content": {
                            "application/json": { "schema": { "$ref": format!("#/components/schemas/Resource{n}") } },
                        },
                    },
                    "404": { "description": "There is no such resource" },
                },
                "security": [{ "oauth": ["read", "write"] }],
            })
        };
        (name, json!({ "get": operation("get"), "put": operation("put") }))
    };
    let schema = |n: usize| {
        let schema = json!({
            "type": "object",
            "required": ["id", "name"],
            "properties": {
                "id": { "type": "integer", "format": "int64", "minimum": 0, "example": n },
                "name": { "type": "string", "maxLength": 255 },
                "tags": { "type": "array", "maxItems": 20, "items": { "type": "string" } },
                "parent": { "$ref": format!("#/components/schemas/Resource{}", n / 2) },
                "ratio": { "type": "number", "example": 0.25, "nullable": true },
            },
        });
        (format!("Resource{n}"), schema)
    };
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Generated", "version": "1.0.0" },
        "servers": [{ "url": "https://api.example.org/v1" }],
        "paths": (0..paths).map(path).collect::<serde_json::Map<_, _>>(),
        "components": { "schemas": (0..paths).map(schema).collect::<serde_json::Map<_, _>>() },
    })
}

/// A session whose reader holds the text, so that the disk plays no part.
pub(crate) fn session(path: &Path, text: &str) -> Session {
    let mut session = Session::new(&std::env::temp_dir());
    session.threads = std::num::NonZeroUsize::new(1);
    session.reader.overlay(path, text.as_bytes().to_vec());
    session
}
