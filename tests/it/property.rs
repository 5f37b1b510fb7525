//! Documents made at random from `openapiv3` values say the same in JSON and in YAML.

use oasguard::lint::{Finding, Location, Severity};
use oasguard::syntax::Part;
use openapiv3 as v3;
use proptest::prelude::*;
use serde_json::json;

use crate::support::{findings, places};

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "a", "Order", "user_id", "__v", "created_by", "x-y", "limit", "true", "404", "ä ö", "a/b~c", "#",
        "$ref", "é: [", "😀",
    ])
    .prop_map(str::to_owned)
}

fn schema_name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["A", "B", "C", "Missing"])
}

fn reference<T>(kind: &str, name: &str) -> v3::ReferenceOr<T> {
    v3::ReferenceOr::ref_(&format!("#/components/{kind}/{name}"))
}

fn schema() -> impl Strategy<Value = v3::Schema> {
    let of = |kind| v3::Schema { schema_data: v3::SchemaData::default(), schema_kind: kind };
    let leaf = prop_oneof![
        (any::<Option<u8>>(), any::<Option<u8>>()).prop_map(|(min, max)| v3::Type::String(v3::StringType {
            min_length: min.map(usize::from),
            max_length: max.map(usize::from),
            ..Default::default()
        })),
        (any::<Option<i64>>(), any::<Option<i32>>()).prop_map(|(minimum, maximum)| v3::Type::Integer(
            v3::IntegerType { minimum, maximum: maximum.map(i64::from), ..Default::default() }
        )),
        any::<Option<i32>>().prop_map(|maximum| v3::Type::Number(v3::NumberType {
            maximum: maximum.map(|number| f64::from(number) / 8.0),
            ..Default::default()
        })),
    ];
    let leaf = leaf.prop_map(v3::SchemaKind::Type).prop_map(of);
    leaf.prop_recursive(3, 12, 3, move |inner| {
        let inner = prop_oneof![
            2 => inner.prop_map(v3::ReferenceOr::Item),
            1 => schema_name().prop_map(|name| reference("schemas", name)),
        ];
        let boxed = inner.clone().prop_map(|inner| match inner {
            v3::ReferenceOr::Item(item) => v3::ReferenceOr::boxed_item(item),
            v3::ReferenceOr::Reference { reference } => v3::ReferenceOr::Reference { reference },
        });
        let list = prop::collection::vec(inner.clone(), 1..3);
        prop_oneof![
            (prop::option::of(boxed.clone()), any::<Option<u8>>()).prop_map(|(items, max)| {
                v3::SchemaKind::Type(v3::Type::Array(v3::ArrayType {
                    items,
                    min_items: None,
                    max_items: max.map(usize::from),
                    unique_items: false,
                }))
            }),
            prop::collection::vec((name(), boxed), 0..4).prop_map(|properties| v3::SchemaKind::Type(
                v3::Type::Object(v3::ObjectType {
                    properties: properties.into_iter().collect(),
                    ..Default::default()
                })
            )),
            list.clone().prop_map(|all_of| v3::SchemaKind::AllOf { all_of }),
            list.clone().prop_map(|one_of| v3::SchemaKind::OneOf { one_of }),
            list.prop_map(|any_of| v3::SchemaKind::AnyOf { any_of }),
        ]
        .prop_map(of)
    })
}

fn parameter() -> impl Strategy<Value = v3::ReferenceOr<v3::Parameter>> {
    let names = prop::sample::select(vec!["id", "limit", "pageSize", "orderId", "ä", "token"]);
    let item = (names, 0..3u8, schema(), any::<bool>()).prop_map(|(name, location, schema, required)| {
        let parameter_data = v3::ParameterData {
            name: name.to_owned(),
            description: required.then(|| "at most 100: \"items\" # per page".to_owned()),
            required,
            deprecated: None,
            format: v3::ParameterSchemaOrContent::Schema(v3::ReferenceOr::Item(schema)),
            example: Some(json!({"security": [], "$ref": "#/nothing"})),
            examples: Default::default(),
            explode: None,
            extensions: Default::default(),
        };
        v3::ReferenceOr::Item(match location {
            0 => v3::Parameter::Query {
                parameter_data,
                allow_reserved: false,
                style: Default::default(),
                allow_empty_value: None,
            },
            1 => v3::Parameter::Header { parameter_data, style: Default::default() },
            _ => v3::Parameter::Path { parameter_data, style: Default::default() },
        })
    });
    prop_oneof![4 => item, 1 => Just(reference("parameters", "limit"))]
}

fn security() -> impl Strategy<Value = Option<Vec<v3::SecurityRequirement>>> {
    let scheme = prop::sample::select(vec!["key", "bearer", "oauth", "kye"]).prop_map(str::to_owned);
    let scopes = prop::collection::vec("[a-z:]{1,5}", 0..2);
    let requirement =
        prop::collection::vec((scheme, scopes), 0..3).prop_map(|named| named.into_iter().collect());
    prop::option::of(prop::collection::vec(requirement, 0..3))
}

fn servers() -> impl Strategy<Value = Vec<v3::Server>> {
    let url = prop::sample::select(vec![
        "https://api.shop.com/v1",
        "http://api.shop.com",
        "http://localhost:8080",
        "https://10.0.0.7",
        "/v1",
        "{scheme}://api.shop.com",
        "ws://ä.shop.com/{v}",
    ]);
    let variable = v3::ServerVariable {
        default: "https".into(),
        enumeration: vec!["https".into(), "http".into()],
        description: None,
        extensions: Default::default(),
    };
    let variables =
        move |url: &str| url.starts_with('{').then(|| [("scheme".to_owned(), variable.clone())].into());
    let server = url.prop_map(move |url| v3::Server {
        url: url.into(),
        variables: variables(url).map(|v: std::collections::BTreeMap<_, _>| v.into_iter().collect()),
        ..Default::default()
    });
    prop::collection::vec(server, 0..3)
}

fn content(schema: v3::Schema) -> v3::Content {
    let media_type = v3::MediaType { schema: Some(v3::ReferenceOr::Item(schema)), ..Default::default() };
    [("application/json".to_owned(), media_type)].into_iter().collect()
}

fn operation() -> impl Strategy<Value = v3::Operation> {
    let texts = prop::sample::select(vec![
        None,
        Some("public: no authentication required"),
        Some("a # b\n\n  c: - d"),
        Some("'"),
    ]);
    let codes = prop::collection::vec(prop::sample::select(vec![200u16, 201, 401, 403, 404, 429]), 0..3);
    let parameters = prop::collection::vec(parameter(), 0..3);
    let bodies = (prop::option::of(schema()), prop::option::of(schema()));
    (texts, codes, parameters, bodies, security(), servers(), prop::bool::weighted(0.2)).prop_map(
        |(text, codes, parameters, (body, answer), security, servers, deprecated)| {
            let response = |code: u16| {
                let content = answer.clone().map(content).unwrap_or_default();
                let response = v3::Response { description: "yes: no".into(), content, ..Default::default() };
                (v3::StatusCode::Code(code), v3::ReferenceOr::Item(response))
            };
            v3::Operation {
                summary: text.map(str::to_owned),
                description: text.map(str::to_owned),
                parameters,
                request_body: body.map(|schema| {
                    v3::ReferenceOr::Item(v3::RequestBody { content: content(schema), ..Default::default() })
                }),
                responses: v3::Responses {
                    responses: codes.into_iter().map(response).collect(),
                    ..Default::default()
                },
                security,
                servers,
                deprecated,
                ..Default::default()
            }
        },
    )
}

fn path_item() -> impl Strategy<Value = v3::PathItem> {
    let one = || prop::option::weighted(0.4, operation());
    (one(), one(), one(), prop::collection::vec(parameter(), 0..2), servers()).prop_map(
        |(get, post, delete, parameters, servers)| v3::PathItem {
            get,
            post,
            delete,
            parameters,
            servers,
            ..Default::default()
        },
    )
}

fn components() -> impl Strategy<Value = v3::Components> {
    let scheme = |value: serde_json::Value| -> v3::ReferenceOr<v3::SecurityScheme> {
        v3::ReferenceOr::Item(serde_json::from_value(value).expect("a scheme"))
    };
    let schemes = [
        ("key", scheme(json!({"type": "apiKey", "in": "query", "name": "k"}))),
        ("bearer", scheme(json!({"type": "http", "scheme": "bearer"}))),
        (
            "oauth",
            scheme(
                json!({"type": "oauth2", "flows": {"implicit": {"authorizationUrl": "http://a.com", "scopes": {}}, "password": {"tokenUrl": "https://a.com", "scopes": {}}}}),
            ),
        ),
    ];
    let schemas = prop::collection::vec(schema(), 3);
    let chosen = prop::sample::subsequence(schemes.to_vec(), 0..=3);
    (schemas, chosen, parameter()).prop_map(|(schemas, schemes, parameter)| v3::Components {
        schemas: ["A", "B", "C"]
            .map(str::to_owned)
            .into_iter()
            .zip(schemas.into_iter().map(v3::ReferenceOr::Item))
            .collect(),
        security_schemes: schemes.into_iter().map(|(name, scheme)| (name.to_owned(), scheme)).collect(),
        parameters: [("limit".to_owned(), parameter)].into_iter().collect(),
        ..Default::default()
    })
}

fn document() -> impl Strategy<Value = v3::OpenAPI> {
    let path = prop::sample::select(vec![
        "/orders/{orderId}", "/users", "/login", "/v1/a/{id}", "/v2/a/{key}", "/ä ö", "/status", "/x/{limit}",
    ]);
    let paths = prop::collection::vec((path, path_item()), 0..5);
    (paths, security(), servers(), prop::option::of(components())).prop_map(
        |(paths, security, servers, components)| {
            let paths = paths
                .into_iter()
                .map(|(path, item)| (path.to_owned(), v3::ReferenceOr::Item(item)))
                .collect();
            v3::OpenAPI {
                openapi: "3.0.3".into(),
                info: v3::Info { title: "a: b".into(), version: "1.0".into(), ..Default::default() },
                paths: v3::Paths { paths, ..Default::default() },
                security,
                servers,
                components,
                ..Default::default()
            }
        },
    )
}

/// Rule, severity, message, fingerprint and places.
type Said<'f> = (&'f str, Severity, &'f str, &'f str, Vec<(&'static str, &'f str, Part)>);

/// What a finding says, without the offsets.
fn said(finding: &Finding) -> Said<'_> {
    let places = places(finding).map(|(what, place)| (what, place.pointer.as_str(), place.part));
    (finding.rule, finding.severity, &finding.message, &finding.fingerprint, places.collect())
}

/// The scalar or key at a place, as both syntaxes mean it.
fn meaning(text: &str, location: &Location) -> String {
    let shown = &text[location.bytes.start as usize..location.bytes.end as usize];
    // JSON is YAML; a scalar alone on its line means the same as in its place.
    match serde_yaml::from_str::<serde_yaml::Value>(shown) {
        Ok(serde_yaml::Value::String(text)) => text,
        Ok(serde_yaml::Value::Number(_) | serde_yaml::Value::Bool(_)) => {
            shown.trim_matches(['"', '\'']).to_owned()
        }
        // The first line of something larger.
        _ => String::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_document_says_the_same_in_json_and_yaml(document in document()) {
        let json = serde_json::to_string_pretty(&document).expect("JSON");
        let yaml = serde_yaml::to_string(&document).expect("YAML");
        let mut in_json = findings("a.json", &json);
        let mut in_yaml = findings("a.yaml", &yaml);
        for found in [&mut in_json, &mut in_yaml] {
            found.sort_by(|a, b| a.fingerprint.cmp(&b.fingerprint));
        }
        let both = (in_json.iter().map(said).collect::<Vec<_>>(), in_yaml.iter().map(said).collect::<Vec<_>>());
        prop_assert_eq!(&both.0, &both.1, "{}", yaml);
        for (left, right) in in_json.iter().zip(&in_yaml) {
            for ((_, left), (_, right)) in places(left).zip(places(right)) {
                let (left_means, right_means) = (meaning(&json, left), meaning(&yaml, right));
                prop_assert_eq!(&left_means, &right_means, "{} in {}", &left.pointer, yaml);
                let last = left.pointer.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
                if left.part == Part::Key {
                    prop_assert_eq!(left_means, last);
                }
            }
        }
    }
}

/// What the generator does not make: a value cannot have a key twice, its references stay in the document, it writes
/// correct OpenAPI, and no paths of administrators and logins.
const OUT_OF_REACH: &[&str] = &[
    "duplicate-key",
    "remote-ref",
    "ref-outside-root",
    "security-misplaced",
    "security-scheme-incomplete",
    "admin-operation-unauthenticated",
    "auth-endpoint-without-rate-limit",
    "http-basic-auth",
    "additional-properties-allowed",
    // The documents say nothing about findings; tests/it/suppression.rs does.
    "invalid-suppression",
    "unused-suppression",
    "expired-suppression",
    "unexplained-suppression",
];

/// The generator is worth something: it makes documents with findings of all rules but those that are named above.
#[test]
fn the_documents_have_findings() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut found = std::collections::BTreeSet::new();
    for _ in 0..400 {
        let document = document().new_tree(&mut runner).expect("a document").current();
        let text = serde_json::to_string(&document).expect("JSON");
        found.extend(findings("a.json", &text).iter().map(|finding| finding.rule));
    }
    for rule in oasguard::rules::all() {
        let is_out_of_reach = OUT_OF_REACH.contains(&rule.id);
        assert_ne!(
            found.contains(rule.id),
            is_out_of_reach,
            "`{}`: let the generator make what it finds, or name it in OUT_OF_REACH; found: {found:?}",
            rule.id
        );
    }
}
