//! Text that wants to steer a terminal, to hide, or to give orders to a build system, in every place from which text can
//! reach an output: nothing of it comes through, in no format.

use std::process::Output;

use serde_json::{Value, json};

use crate::cli::{Folder, text};

/// Escapes, with parameters that we never use, and other controls; breaks of lines; what hides or turns text around;
/// orders to build systems at the start of a line, after a break, and within.
const NASTY: &str = "::error file=a::b\u{1b}[666m\u{1b}]8;;http://evil\u{7}c\u{9b}2J\r\n::set-output name=a::d\n##[error]e \
    ##vso[task.complete]f ##teamcity[g]\u{85}\u{2028}::warning::\u{202e}h\u{2066}\u{200b}\u{feff}\u{e0041}\u{8}\u{7f}\
    %0A::add-mask::i";

/// The same as far as a file's name can hold it.
const FILE: &str = if cfg!(unix) {
    "::error::a\u{1b}[666m\u{9b}2J\r\n::b\n##[error]c ##vso[d]\u{85}\u{2028}\u{202e}e\u{200b}\u{7}%0A::f"
} else {
    "a\u{9b}2J ##[error]c ##vso[d]\u{85}\u{2028}\u{202e}e\u{200b}%0A--f"
};

/// A text of its own for each place.
fn nasty(place: &str) -> String {
    format!("{NASTY}{place}")
}

/// A reference within the document; the name's own marks of URIs and pointers are escaped.
fn pointer(name: &str) -> String {
    format!("#/components/{}", name.replace('%', "%25").replace('#', "%23").replace('~', "~0"))
}

/// A document whose every text is nasty and which has findings of most rules.
fn openapi() -> Value {
    let name = |kind: &str| nasty(kind).replace('/', "");
    json!({
        "openapi": "3.2.0",
        "$self": nasty("self"),
        "info": { "title": nasty("title"), "version": nasty("version"), "description": nasty("description") },
        "tags": [{ "name": nasty("tag"), "description": nasty("description") }],
        "servers": [
            { "url": format!("http://h.com/{}", nasty("url")), "description": nasty("server") },
            { "url": nasty("url") },
            { "url": format!("http://{{{}}}.com", nasty("variable")),
              "variables": { nasty("variable"): { "default": nasty("default"), "enum": [nasty("value")] } } },
        ],
        "security": [{ name("scheme"): [nasty("scope")] }, { nasty("undefined"): [] }],
        nasty("unknown"): nasty("unknown"),
        "x-extension": { nasty("extension"): [nasty("extension")] },
        "paths": {
            format!("/{}/{{{}}}", nasty("path"), nasty("id")): {
                "summary": nasty("summary"),
                "parameters": [
                    { "in": "path", "name": nasty("id"), "required": true, "schema": { "type": "integer" } },
                    { "in": "query", "name": format!("api_key{}", nasty("key")), "schema": { "type": "string" } },
                ],
                "post": operation("post"),
                "get": { "operationId": nasty("open"), "security": [{}, { name("scheme"): [] }], "responses": {} },
                "additionalOperations": { nasty("METHOD"): operation("method"), "##[x]": operation("hashes") },
            },
            nasty("/login"): { "$ref": nasty("login") },
            "::error::path": { "post": operation("colons"), "security": [{ nasty("misplaced"): [] }] },
        },
        "webhooks": { nasty("webhook"): { "post": operation("webhook") }, "::debug::": { "post": {} } },
        "components": {
            "schemas": {
                name("schema"): schema(),
                name("unused"): { "$ref": pointer(&nasty("nowhere")) },
                name("circle"): { "$ref": pointer(&format!("schemas/{}", name("circle"))) },
            },
            "securitySchemes": {
                name("scheme"): { "type": "apiKey", "in": "query", "name": nasty("key"), "description": nasty("d") },
                name("basic"): { "type": "http", "scheme": nasty("basic"), "bearerFormat": nasty("format") },
                name("flows"): { "type": "oauth2", "flows": { "password": {
                    "tokenUrl": format!("http://{}", nasty("token")), "scopes": { nasty("scope"): nasty("scope") } },
                    "implicit": { "authorizationUrl": format!("http://h/{}", nasty("a")), "scopes": {} } } },
                name("type"): { "type": nasty("type") },
                name("connect"): { "type": "openIdConnect", "openIdConnectUrl": format!("http://{}", nasty("url")) },
            },
        },
    })
}

fn operation(kind: &str) -> Value {
    let schema = pointer(&format!("schemas/{}", nasty("schema").replace('/', "")));
    json!({
        "operationId": nasty(kind),
        "summary": nasty("public"),
        "tags": [nasty("tag")],
        "deprecated": true,
        "security": [{ nasty("undefined"): [nasty("scope")] }],
        "parameters": [
            { "in": "query", "name": format!("limit{}", nasty("limit")), "schema": { "type": "integer" } },
            { "in": "query", "name": format!("password{}", nasty("p")), "schema": { "type": "string" } },
            { "in": nasty("in"), "name": nasty("name"), "schema": { "enum": [nasty("enum")] } },
            { "$ref": nasty("parameter") },
        ],
        "requestBody": { "content": { nasty("media/type"): { "schema": { "$ref": schema } } } },
        "responses": { "200": { "description": nasty("d"), "headers": { nasty("header"): {} } }, nasty("code"): {} },
        "callbacks": { nasty("callback"): { nasty("expression"): { "post": { "operationId": nasty("inner") } } } },
    })
}

fn schema() -> Value {
    json!({
        "type": "object",
        "title": nasty("title"),
        "properties": {
            nasty("array"): { "type": "array", "items": { "type": "string", "pattern": nasty("pattern") } },
            nasty("string"): { "type": "string", "format": nasty("format"), "default": nasty("default") },
            nasty("free"): { "type": "object", "additionalProperties": true },
            nasty("remote"): { "$ref": format!("http://h/{}", nasty("remote")) },
            nasty("outside"): { "$ref": format!("../../{}", nasty("outside")) },
            nasty("file"): { "$ref": format!("{FILE}.part.json#/{}", nasty("part")) },
            nasty("lost"): { "$ref": nasty("lost") },
        },
        "discriminator": { "propertyName": nasty("d"), "mapping": { nasty("from"): nasty("to") } },
    })
}

/// The folder with everything nasty in it; in each document one key stands twice.
fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    let twice = |document: &Value| {
        let key = Value::from(nasty("twice"));
        let text = serde_json::to_string(document).expect("it is JSON");
        format!("{{{key}:{key},\n\n {key}:{key},\t{}", text.trim_start_matches('{'))
    };
    folder.write(&format!("{FILE}.json"), &twice(&openapi()));
    folder.write("plain.json", &serde_json::to_string_pretty(&openapi()).expect("it is JSON"));
    folder.write(&format!("{FILE}.part.json"), &twice(&json!({ nasty("part"): schema() })));
    let part = nasty("part");
    let swagger = json!({
        "swagger": "2.0", "host": nasty("host"), "basePath": nasty("base"), "schemes": ["http", nasty("scheme")],
        "info": { "title": nasty("title") }, "consumes": [nasty("type")], "security": [{ nasty("undefined"): [] }],
        "paths": { nasty("path"): { "post": { "operationId": nasty("id"), "parameters": [
            { "in": "body", "name": nasty("body"), "schema": { "$ref": part } },
            { "in": "formData", "name": nasty("form"), "type": "string" } ] } } },
        "securityDefinitions": { nasty("scheme"): { "type": "basic" }, nasty("other"): { "type": nasty("type") } },
    });
    folder.write(&format!("{FILE}.swagger.json"), &twice(&swagger));
    let mut version = openapi();
    version["openapi"] = format!("3.1.{}", nasty("version")).into();
    folder.write(&format!("{FILE}.version.json"), &twice(&version));
    // What JSON escapes YAML takes as it is, and comments hold what they like.
    let shown: String = NASTY.chars().filter(|c| !c.is_control() && !"\u{feff}".contains(*c)).collect();
    let quoted = Value::from(NASTY);
    folder.write(
        &format!("{FILE}.yaml"),
        &format!(
            "# {shown}\nopenapi: 3.0.3 # ::error::\n::error::key: ::error::value\n? {quoted}\n: {quoted}\n\
            paths:\n  '{shown}': # {shown}\n    post:\n      ::warning::x: 1\n      ::warning::x: 2\n      operationId: '{shown}'\n\
            ##[error]comment\n\n::error::key: twice\n"
        ),
    );
    // Errors of syntax show the text around them.
    for (number, text) in [
        format!("{{\"openapi\": \"3.0.3\", \"info\": \"{NASTY}\"}}"),
        format!("openapi: 3.0.3\ninfo: {NASTY}\n"),
        format!("openapi: 3.0.3\n{shown}: [\n"),
        format!("openapi: 3.0.3\ninfo: *{shown}\n"),
        format!("openapi: 3.0.3\ninfo: !<{shown}> &{shown} a\n::error::x: &a *{shown}\n\tb\n"),
        format!("{{\"openapi\": \"3.0.3\", {quoted}: tru\n::error::}}"),
    ]
    .iter()
    .enumerate()
    {
        folder.write(&format!("{FILE}.broken{number}.yaml"), text);
    }
    folder
}

/// Colours are of our making: their parameters are numbers below 50. Everything else stays.
fn without_colors(text: &str) -> String {
    let mut plain = String::new();
    let mut parts = text.split("\u{1b}[");
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let color = part.split_once('m').filter(|(numbers, _)| {
            numbers.split(';').all(|number| number.parse::<u8>().is_ok_and(|number| number < 50))
        });
        match color {
            Some((_, rest)) => plain.push_str(rest),
            None => plain.extend(["\u{1b}[", part]),
        }
    }
    plain
}

/// Nothing acts, nothing hides, nothing gives orders.
#[track_caller]
fn is_harmless(what: &str, written: &str) {
    let hides = |c: char| {
        matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    };
    for line in written.split('\n') {
        let wrong = line.chars().find(|&c| c.is_control() || hides(c));
        assert_eq!(wrong, None, "{what}: {line:?}");
        let start = line.trim_start();
        assert!(!start.starts_with("::"), "{what}: {line:?}");
        for order in ["##[", "##vso[", "##teamcity["] {
            assert!(!line.contains(order), "{what}: {line:?}");
        }
    }
}

#[track_caller]
fn run(folder: &Folder, arguments: &[&str]) -> Output {
    let output = folder.run(arguments);
    let what = format!("{arguments:?}");
    is_harmless(&what, &without_colors(&text(&output.stdout)));
    is_harmless(&what, &text(&output.stderr));
    output
}

#[test]
fn nothing_nasty_comes_through_in_any_format() {
    let folder = folder("nasty-1");
    let lint = ["lint", ".", "--profile", "auditor", "--statistics", "--timings"];
    let report = run(&folder, &[&lint[..], &["--output-format", "json"]].concat());
    assert_eq!(report.status.code(), Some(2));
    let report: Value = serde_json::from_slice(&report.stdout).expect("it is JSON");
    let count = |what: &str| report[what].as_array().expect("it is a list").len();
    let (documents, errors, findings) = (count("documents"), count("errors"), count("findings"));
    assert!(documents >= 11 && errors >= 5 && findings >= 60, "{documents} {errors} {findings}");
    let rules: std::collections::BTreeSet<&str> =
        report["findings"].as_array().into_iter().flatten().filter_map(|f| f["rule"].as_str()).collect();
    println!("{findings} findings of {rules:?}");
    assert!(rules.len() >= 20, "{rules:?}");
    // The text itself is all there, for those who read JSON.
    assert!(report["findings"].to_string().contains(&Value::from(NASTY).to_string()[1..40]));

    for (format, lines) in [
        ("concise", errors + findings),
        ("gcc", errors + findings),
        ("json-lines", documents + errors + findings + 2),
    ] {
        let output = run(&folder, &[&lint[..], &["--output-format", format]].concat());
        assert_eq!(text(&output.stdout).lines().count(), lines, "{format}");
    }
    for more in [
        &["--color", "never"][..],
        &["--color", "always"],
        &["--color", "always", "--all", "--verbose"],
        &["--color", "never", "--all", "--verbose"],
        &["--show-files"],
    ] {
        let output = run(&folder, &[&lint[..], more].concat());
        let colored = more.contains(&"always");
        assert_eq!(text(&output.stdout).contains('\u{1b}'), colored, "{more:?}");
    }
}

#[test]
fn nothing_nasty_comes_through_where_a_document_is_shown() {
    let folder = folder("nasty-2");
    for name in ["", ".part", ".swagger", ".version", ".broken0", ".broken4", ".broken5"] {
        let json = format!("{FILE}{name}.json");
        let file = if folder.0.join(&json).is_file() { json } else { format!("{FILE}{name}.yaml") };
        for arguments in [
            &["matrix"][..],
            &["matrix", "--output-format", "json"],
            &["tree"],
            &["tree", "--type", "operation,schema"],
            &["tree", "--depth", "1"],
        ] {
            let output = run(&folder, &[arguments, &[&file]].concat());
            let silent = output.stdout.is_empty() && output.stderr.is_empty();
            assert!(!silent, "{arguments:?} {file:?}");
        }
    }
    let yaml = format!("{FILE}.yaml");
    for file in [&yaml, "plain.json"] {
        run(&folder, &["matrix", file]);
        run(&folder, &["tree", file]);
    }
}

#[test]
fn nothing_nasty_comes_through_from_the_command_line() {
    let folder = folder("nasty-3");
    let absent = format!("nowhere/{FILE}");
    for arguments in [
        &["lint", FILE][..],
        &["lint", NASTY],
        &["lint", "--output-format", "json", FILE],
        &["lint", "--output-format", "concise", FILE, "*.nasty::error::\n"],
        &["lint", "--output-format", "gcc", "::error::*\n", NASTY],
        &["lint", "--show-files", NASTY],
        &["lint", "--select", NASTY],
        &["lint", "--ignore", FILE],
        &["lint", "--exclude", "[\u{1b}\n::error::"],
        &["lint", "--output-format", NASTY],
        &["lint", "--files-from", FILE],
        &["lint", "-o", &absent],
        &["lint", "plain.json", "-o", "."],
        &["lint", "--root", FILE],
        &["lint", "--today", NASTY],
        &["lint", "--max-depth", FILE],
        &["lint", "--threads", FILE],
        &["matrix", FILE],
        &["matrix", "--output-format", "json", FILE],
        &["tree", FILE],
        &["tree", "--type", NASTY],
        &["explain", FILE],
        &["explain", "--color", "always", NASTY],
        &["rules", "--output-format", FILE],
        &["completions", FILE],
        &[FILE],
        &["lint", "--", "--\u{1b}[666m\n::error::"],
        &["lint", "--\u{1b}[666m\n::error::x"],
    ] {
        let output = run(&folder, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
    let input = serde_json::to_string(&openapi()).expect("it is JSON");
    for format in ["full", "concise", "gcc", "json", "json-lines"] {
        let arguments = ["lint", "-", "--stdin-filename", FILE, "--output-format", format];
        let output = folder.feed(&arguments, &input);
        is_harmless(format, &text(&output.stdout));
        is_harmless(format, &text(&output.stderr));
    }
}
