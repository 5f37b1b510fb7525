//! The targets of `fuzz/` on mutations of their seeds: what `cargo fuzz` does, without coverage and with a fixed seed.
//! `TEST_OASGUARD_EXECUTIONS` is how many texts each target gets.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use rayon::prelude::*;

use crate::support::{Random, executions, files_below, mutated, report};

#[path = "../../fuzz/src/lib.rs"]
#[allow(unreachable_pub, reason = "a crate of its own for `cargo fuzz`")]
pub(crate) mod targets;

/// What is put into documents: punctuation of JSON and YAML, keywords of OpenAPI, names that mean something to rules,
/// and what means something to terminals and to other programs.
const TOKENS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u0000",
    "\\ud83d",
    "\n",
    "\n  ",
    "- ",
    "# ",
    "'",
    "|",
    "&a ",
    "*a ",
    "<<: *a\n",
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1e999",
    "18446744073709551616",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{202e}",
    "\u{feff}",
    "::error file=a::",
    "ä😀",
    "%2F..%2F",
    "../",
    "~1",
    "~0",
    "#/",
    "#/paths/~1a/get",
    "#/components/schemas/A",
    "1.yaml#/a",
    "0.yaml",
    "http://169.254.169.254/",
    "$ref: '#'\n",
    "$ref: '#/components/schemas/Order'\n",
    "\"$ref\": \"#/a\"",
    "$dynamicRef: '#a'\n",
    "$id: x\n",
    "$anchor: a\n",
    "allOf: []\n",
    "oneOf: [{}, {}]\n",
    "discriminator: { propertyName: a }\n",
    "openapi: 3.1.0\n",
    "openapi: 3.0.3\n",
    "swagger: '2.0'\n",
    "openapi: 3.2.0\n",
    "paths:\n",
    "components:\n",
    "security: []\n",
    "security: [{}]\n",
    "security: [{ key: [] }, {}]\n",
    "securitySchemes: {}\n",
    "servers: [{ url: 'http://a.b' }]\n",
    "servers: [{ url: '{scheme}://a', variables: { scheme: { default: http } } }]\n",
    "get: {}\n",
    "post: {}\n",
    "x-a: 1\n",
    "parameters: [{ in: query, name: token }]\n",
    "type: array\n",
    "type: [string, 'null']\n",
    "items: {}\n",
    "maxItems: 1\n",
    "pattern: '^(a+)+$'\n",
    "pattern: '['\n",
    "readOnly: true\n",
    "additionalProperties: true\n",
    "callbacks: {}\n",
    "webhooks: {}\n",
    "deprecated: true\n",
    "/a/{id}:\n",
    "/login:\n",
    "/admin:\n",
    "{id}",
    "password",
    "api_key",
    "\n%%%\n",
    "# oasguard: ignore[transport] reason=a until=2027-01-01\n",
    " # oasguard: ignore[resource-consumption, unused-suppression]\n",
    "# oasguard: ignore-file[",
    "# oasguard: public reason=\"",
    "oasguard:",
    " until=",
    "x-oasguard-ignore: authentication\n",
    "x-oasguard-ignore: [{ rule: transport, until: '2020-01-01' }]\n",
    "\"x-oasguard-ignore\": {\"rules\": [\"inventory\"]},",
    "x-oasguard-public: true\n",
    "profile: auditor\n",
    "select: [transport]\n",
    "overrides:\n  - files: ['*']\n    ignore: [authentication]\n",
    "suppressions:\n  - rules: [transport]\n    reason: a\n    until: 2020-01-01\n",
    "public: [{ paths: ['/**'] }]\n",
    "locked: [transport, profile]\n",
    "extends: [base.yaml]\n",
    "limits: { depth: 1 }\n",
    "root: true\n",
    "oasguard.yaml",
];

/// Gives a target mutated seeds, mutations of those too, in parallel; names every text for which it panics.
fn fuzz(target: fn(&[u8]), seeds: &[String], count: usize) {
    const CHUNK: usize = 250;
    let started = Instant::now();
    for seed in seeds {
        target(seed.as_bytes());
    }
    let count = executions(count);
    let failures = (0..count.div_ceil(CHUNK)).into_par_iter().flat_map_iter(|chunk| {
        let mut random = Random(0xf422 + chunk as u64);
        let mut failures = Vec::new();
        let mut text = String::new();
        for execution in 0..CHUNK {
            if execution % 5 == 0 || text.len() > 8000 {
                text = seeds[random.below(seeds.len())].clone();
            }
            text = mutated(&text, TOKENS, &mut random);
            if catch_unwind(AssertUnwindSafe(|| target(text.as_bytes()))).is_err() {
                failures.push(format!("{text:?}"));
            }
        }
        failures
    });
    let failures: Vec<String> = failures.collect();
    println!("{count} texts in {:.1} s", started.elapsed().as_secs_f64());
    report(&failures);
}

/// Documents of every kind.
fn seeds() -> Vec<String> {
    seeds_in("openapi")
}

fn seeds_in(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(folder);
    let files = files_below(&folder, &["yaml", "json"]);
    files.iter().map(|path| std::fs::read_to_string(path).expect("a seed")).collect()
}

/// The same as JSON, where one file is all.
fn json_seeds() -> Vec<String> {
    let json = |text: String| Some(serde_yaml::from_str::<serde_json::Value>(&text).ok()?.to_string());
    seeds().into_iter().filter_map(json).collect()
}

#[test]
fn the_json_reader_agrees_with_another() {
    fuzz(targets::json, &json_seeds(), 100_000);
}

/// With words of documents; `yaml_fast.rs` has those that mean something to YAML.
#[test]
fn the_yaml_readers_agree() {
    fuzz(targets::yaml, &seeds(), 100_000);
}

#[test]
fn the_model_answers_every_question() {
    fuzz(targets::model, &seeds(), 100_000);
}

#[test]
fn a_lint_ends_well_in_every_format() {
    fuzz(targets::lint, &seeds(), 100_000);
}

#[test]
fn directives_silence_and_never_add() {
    let seeds = [seeds_in("suppressions"), seeds()].concat();
    fuzz(targets::suppressions, &seeds, 50_000);
}

#[test]
fn settings_hold_or_are_errors_at_their_places() {
    let seeds = seeds_in("configuration");
    fuzz(targets::configuration, &seeds, 20_000);
}
