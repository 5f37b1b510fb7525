//! Where an API says its version: a path segment, a host label, a parameter, a media type, a server variable.

use super::words::{is_one_of, is_spelled, last_word, words};

/// How far into a path a version is looked for, server path included; deeper ones belong to a resource.
const DEPTH: usize = 6;

/// How far a bare number (`/api/2/…`) or a variable (`/{version}/…`) is believed; deeper ones are items.
const SHALLOW: usize = 4;

/// The version in a path or in the path of a server URL, such as `v1` in `/api/v1/users`.
///
/// Besides what [`segment_version`] accepts, a number of at most two digits and a version variable count near the
/// start of the path, except below a collection of versions, where they name one item of it.
pub fn path_version(path: &str) -> Option<&str> {
    split_version(path).map(|path| path.version)
}

/// A path in three parts, which are the path when they are joined.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VersionedPath<'p> {
    /// What stands before the version: `/api/`, or `/alerts_` of `/alerts_v1/users`.
    pub before: &'p str,
    /// The version, as [`path_version`] finds it.
    pub version: &'p str,
    /// What stands after it.
    pub after: &'p str,
}

/// Splits a path at its version.
pub fn split_version(path: &str) -> Option<VersionedPath<'_>> {
    let mut before = "";
    let (steps, fragment) = path.split_once('#').unwrap_or((path, ""));
    for (depth, segment) in steps.split('/').filter(|segment| !segment.is_empty()).take(DEPTH).enumerate() {
        let listed = is_one_of(before, &["versions", "version", "releases"]);
        let shallow =
            depth < SHALLOW && !listed && (is_small_number(segment) || is_variable_segment(segment));
        if let Some(version) = segment_version(segment).or(shallow.then_some(segment)) {
            return Some(around(path, version));
        }
        before = segment;
    }
    fragment_version(fragment).map(|version| around(path, version))
}

/// Splits a path at a slice of it.
fn around<'p>(path: &'p str, version: &'p str) -> VersionedPath<'p> {
    let start = version.as_ptr() as usize - path.as_ptr() as usize;
    let end = start + version.len();
    VersionedPath { before: &path[..start], version, after: &path[end..] }
}

/// The date in `#X-Amz-Target=DynamoDB_20120810.GetItem`: what selects the operation where all have the same path.
fn fragment_version(fragment: &str) -> Option<&str> {
    fragment.split(['=', '.', '_', '&']).find_map(|part| {
        let date = part.get(part.len().checked_sub(8)?..)?;
        let alone = !part[..part.len() - 8].ends_with(|c: char| c.is_ascii_digit());
        (alone && is_date(date)).then_some(date)
    })
}

/// A version that can be compared with others of its kind.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct VersionNumber {
    /// Whether it is a date or a year; nobody knows whether `v2` is newer than `2020-04-01`.
    pub is_date: bool,
    /// Numbers and stages in order; a stage is less than the end, which is less than a further number: `v1beta2` is
    /// older than `v1`, and that than `v1.1`.
    parts: Vec<(u8, u64)>,
}

impl VersionNumber {
    /// Reads a version as [`segment_version`] gives it, or a bare number; nothing for one with a variable in it.
    pub fn parse(version: &str) -> Option<VersionNumber> {
        // In the order of a release's life.
        const STAGES: &[&str] = &["dev", "private", "a", "alpha", "preview", "b", "beta", "rc"];
        let mut parts = Vec::new();
        for word in words(version) {
            if word.len() == 8 && is_date(word) {
                for part in [&word[..4], &word[4..6], &word[6..]] {
                    parts.push((2, part.parse().ok()?));
                }
            } else if word.as_bytes()[0].is_ascii_digit() {
                parts.push((2, word.parse().ok()?));
            } else if let Some(stage) = STAGES.iter().position(|stage| stage.eq_ignore_ascii_case(word)) {
                parts.push((0, stage as u64));
            }
        }
        let first = parts.iter().find(|part| part.0 == 2)?.1;
        parts.push((1, 0));
        (!version.contains(['{', '}'])).then_some(VersionNumber { is_date: first >= 1900, parts })
    }

    /// Whether it comes before a release: `v2beta`.
    pub fn is_preview(&self) -> bool {
        self.parts.iter().any(|part| part.0 == 0)
    }
}

fn is_small_number(segment: &str) -> bool {
    matches!(segment.as_bytes(), [b'1'..=b'9'] | [b'1'..=b'9', b'0'..=b'9'])
}

fn is_variable_segment(segment: &str) -> bool {
    variable(segment).is_some_and(is_version_variable)
}

/// The name in `{name}`.
fn variable(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// The version that a path segment states wherever it stands: `v1`, `v1.2beta1`, `api2`, `rest-v1`, `1.0.0`,
/// `2010-04-01`, `v{version}`. A custom method after a colon is not part of it (`v1:search`).
///
/// Names that merely end in a number do not count (`oauth2`, `ipv6`, `route53`), nor does a word glued to its version
/// (`datasetsv2`), which versions one resource.
pub fn segment_version(segment: &str) -> Option<&str> {
    // Every version has a digit or a variable in it, most segments have neither.
    if !segment.bytes().any(|byte| byte.is_ascii_digit() || byte == b'{') {
        return None;
    }
    let segment = &segment[..segment.find([':', '#', '?']).unwrap_or(segment.len())];
    if is_date(segment) || is_dotted_number(segment) || is_templated(segment) {
        return Some(segment);
    }
    // `v1.{format}`, `v1.json`: what is sent back is no part of the version.
    let segment = segment.split_once(".{").map_or(segment, |(version, _)| version);
    let segment = segment.strip_suffix(".json").or(segment.strip_suffix(".xml")).unwrap_or(segment);
    let after_separator = segment.rfind(['-', '_']).map_or(0, |at| at + 1);
    [0, after_separator].into_iter().chain(v_after_separator(segment)).find_map(|start| {
        let prefix = segment[..start].trim_end_matches(['-', '_', '.']);
        let acceptable = !is_one_of(last_word(prefix).unwrap_or_default(), &["ip", "snmp", "md", "sha"]);
        (acceptable && is_version_token(&segment[start..])).then(|| &segment[start..])
    })
}

/// Where a `v` follows a separator, for versions that contain separators themselves (`rest-v1.2-beta`).
fn v_after_separator(segment: &str) -> Option<usize> {
    let bytes = segment.as_bytes();
    (1..bytes.len())
        .find(|&at| matches!(bytes[at], b'v' | b'V') && matches!(bytes[at - 1], b'-' | b'_' | b'.'))
}

/// `v1`, `v1.2`, `v2beta3`, `v2.0-preview`, `api2`, `apiv2`, `rest_v1`, `version-1`.
fn is_version_token(token: &str) -> bool {
    let (head, rest) = split_letters(token);
    let rest = rest.strip_prefix(['-', '_', '.']).unwrap_or(rest);
    match rest.bytes().next() {
        Some(b'0'..=b'9') => {
            // `api2` and `api-v2`, but not `apis` or `api-2020-report`.
            let names_version = is_one_of(head, &["v", "ver", "version", "rel", "release", "apiv", "restv"]);
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            (names_version && digits <= 8 || head.eq_ignore_ascii_case("api") && rest.len() <= 2)
                && is_number_tail(rest)
        }
        Some(b'v' | b'V') if is_one_of(head, &["api", "rest"]) => {
            let digits = &rest[1..];
            digits.starts_with(|c: char| c.is_ascii_digit()) && is_number_tail(digits)
        }
        _ => false,
    }
}

fn split_letters(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    text.split_at(end)
}

/// Whether `text`, which starts with a digit, holds only numbers and stages of a release.
fn is_number_tail(text: &str) -> bool {
    const STAGES: &[&str] = &["a", "alpha", "b", "beta", "preview", "rc", "p", "dev", "private", "stable"];
    words(text).all(|word| word.as_bytes()[0].is_ascii_digit() || is_one_of(word, STAGES))
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        && !text.ends_with(['.', '-', '_'])
}

/// `1.0`, `2.8.0`: up to four short numbers.
fn is_dotted_number(text: &str) -> bool {
    let parts = text.split('.');
    let short = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    (2..=4).contains(&parts.clone().count())
        && parts.clone().all(short)
        && text.find('.').is_some_and(|at| at <= 2)
}

/// `2020-04`, `2020-04-22`, `20200422`, each perhaps with `-preview`.
fn is_date(text: &str) -> bool {
    let lengths = text.strip_suffix("preview").map_or(text, |date| date.trim_end_matches(['-', '.']));
    let mut parts = lengths.split('-');
    let year = parts.next().unwrap_or_default();
    let month = parts.next().unwrap_or(year.get(4..6).unwrap_or_default());
    let day = parts.next().unwrap_or(year.get(6..8).unwrap_or("01"));
    let shape = matches!(lengths.len(), 7 | 10) && lengths.matches('-').count() == (lengths.len() - 4) / 3
        || lengths.len() == 8 && !lengths.contains('-');
    shape
        && parts.next().is_none()
        && year.starts_with("20")
        && year.bytes().all(|byte| byte.is_ascii_digit())
        && number_in(month, 1, 12)
        && number_in(day, 1, 31)
}

fn number_in(text: &str, low: u8, high: u8) -> bool {
    text.len() == 2 && text.parse::<u8>().is_ok_and(|number| (low..=high).contains(&number))
}

/// `v{version}`, `v{major}.{minor}`, `api-v{n}`: whatever the variable is called, the `v` says what it is.
fn is_templated(segment: &str) -> bool {
    let Some(brace) = segment.find('{') else { return false };
    let lead = segment[..brace].trim_end_matches(['-', '_', '.']);
    segment.ends_with('}') && is_one_of(last_word(lead).unwrap_or_default(), &["v", "ver", "version", "apiv"])
}

/// The version in a host name: `v2` in `v2.example.com` and in `models-v2-lex.example.com`, `api2` in
/// `api2.example.com`. A service called `wafv2` or `api2pdf` states none.
pub fn host_version(host: &str) -> Option<&str> {
    let host = host.rsplit_once(':').map_or(host, |(name, port)| {
        if port.bytes().all(|byte| byte.is_ascii_digit()) { name } else { host }
    });
    host.split('.').find_map(|label| {
        let whole = is_variable_segment(label) || is_templated(label) || is_host_version(label);
        if whole { Some(label) } else { label.split('-').find(|part| is_host_version(part)) }
    })
}

fn is_host_version(label: &str) -> bool {
    let (head, rest) = split_letters(label);
    !rest.is_empty()
        && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
        && rest.len() <= 5
        && is_one_of(head, &["v", "api", "apiv"])
}

/// Whether a header or query parameter of this name selects the version of the API: `version`, `v`, `api-version`,
/// `Accept-Version`, and a vendor's own header such as `Notion-Version`.
///
/// Versions of other things do not count (`resourceVersion`, `engine-version`, `versionId`), nor does `oauth_version`.
pub fn is_version_parameter(name: &str) -> bool {
    const OTHERS: &[&str] = &[
        "resource", "engine", "signature", "oauth", "app", "application", "package", "content", "client",
        "schema", "expected", "policy", "cluster", "wsdl", "sdk", "browser", "os", "platform", "product",
        "document", "file", "object", "data", "model", "plugin", "build", "target", "from", "to", "min",
        "max", "minimum", "maximum", "current", "new", "old", "latest", "next", "previous", "agent",
        "firmware", "software", "kernel", "protocol", "create", "extension", "template", "item", "entity",
        "key", "secret", "server", "device", "user", "game",
    ];
    // The letter spares most names the comparison.
    if !name.bytes().any(|byte| matches!(byte, b'v' | b'V')) {
        return false;
    }
    let bare = name.get(..2).filter(|x| x.eq_ignore_ascii_case("x-")).map_or(name, |_| &name[2..]);
    if ["version", "ver", "v", "apiversion", "apiver", "apiv", "acceptversion"]
        .iter()
        .any(|known| is_spelled(bare, known))
    {
        return true;
    }
    // Only headers are named `Vendor-Version`; a query parameter `engine_version` or `appVersion` is about the data.
    let vendor = bare.rsplit_once('-').is_some_and(|(_, last)| last.eq_ignore_ascii_case("version"));
    vendor && words(bare).count() <= 4 && !words(bare).any_of(OTHERS)
}

/// Whether a server variable or a path variable of this name stands for the version of the API.
pub fn is_version_variable(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "version", "ver", "v", "apiversion", "apiver", "apiv", "versionnumber", "majorversion", "restversion",
    ];
    // The letter spares most names the comparison.
    name.bytes().any(|byte| matches!(byte, b'v' | b'V')) && NAMES.iter().any(|known| is_spelled(name, known))
}

/// The version in a media type: `v3` in `application/vnd.github.v3+json`, `2018-01-01` in
/// `application/json;version=2018-01-01`.
pub fn media_type_version(media: &str) -> Option<&str> {
    let mut parts = media.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    let parameter = parts.filter_map(|part| part.split_once('=')).find_map(|(name, value)| {
        let value = value.trim().trim_matches('"');
        let stated = is_version_parameter(name.trim()) && value.bytes().any(|byte| byte.is_ascii_digit());
        stated.then_some(value)
    });
    parameter.or_else(|| {
        let (_, subtype) = kind.split_once('/')?;
        let subtype = subtype.split('+').next()?;
        let start = v_after_separator(subtype)
            .filter(|&at| subtype[at + 1..].starts_with(|c: char| c.is_ascii_digit()))?;
        let rest = &subtype[start..];
        let length =
            rest[1..].find(|c: char| !c.is_ascii_digit() && c != '.').map_or(rest.len(), |at| at + 1);
        Some(rest[..length].trim_end_matches('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_version_of_a_segment() {
        let cases = [
            ("v1", "v1"),
            ("V2", "V2"),
            ("v0.1", "v0.1"),
            ("v1.2beta1", "v1.2beta1"),
            ("v1p1beta1", "v1p1beta1"),
            ("v1b3", "v1b3"),
            ("v4beta", "v4beta"),
            ("v1_beta", "v1_beta"),
            ("v2.0-preview", "v2.0-preview"),
            ("v20180820", "v20180820"),
            ("v3:logImpressions", "v3"),
            ("api2", "api2"),
            ("apiv2", "apiv2"),
            ("api-v2", "api-v2"),
            ("restv2", "restv2"),
            ("rest_v1", "rest_v1"),
            ("rest-v1", "rest-v1"),
            ("revisionData-v1", "v1"),
            ("alerts_v2", "v2"),
            ("commit-graph-v1", "v1"),
            ("service-v1.2", "v1.2"),
            ("NamSorAPIv2", ""),
            ("version2", "version2"),
            ("ver-1.0", "ver-1.0"),
            ("2010-04-01", "2010-04-01"),
            ("2015-02", "2015-02"),
            ("20200301", "20200301"),
            ("2021-05-01-preview", "2021-05-01-preview"),
            ("1.0.0", "1.0.0"),
            ("10.0", "10.0"),
            ("v{version}", "v{version}"),
            ("v{major}.{minor}", "v{major}.{minor}"),
            ("v1.{format}", "v1"),
            ("v2.json", "v2"),
            ("v2.1.{format}", "v2.1"),
            ("id.{format}", ""),
            ("oauth2", ""),
            ("ipv4", ""),
            ("ip-v6", ""),
            ("mp3", ""),
            ("route53", ""),
            ("snmpv3", ""),
            ("md5", ""),
            ("verify", ""),
            ("v", ""),
            ("video", ""),
            ("vendor", ""),
            ("v2LoggingLevel", ""),
            ("GroupV2", ""),
            ("by-v1-id", ""),
            ("datasetsv2", ""),
            ("recaptchaV3Config", ""),
            ("apis", ""),
            ("api", ""),
            ("2", ""),
            ("2020-13-01", ""),
            ("1999-01-01", ""),
            ("20209901", ""),
            ("1.2.3.4.5", ""),
            ("1234.5", ""),
            ("1.", ""),
            ("{version}", ""),
            ("{id}", ""),
            ("", ""),
        ];
        for (segment, expected) in cases {
            assert_eq!(segment_version(segment).unwrap_or_default(), expected, "{segment}");
        }
    }

    #[test]
    fn reads_the_version_of_a_path() {
        let cases = [
            ("/v1/users", "v1"),
            ("/rest/api/3/issue", "3"),
            ("/2/tweets", "2"),
            ("/api/users/v2", "v2"),
            ("/{version}/users", "{version}"),
            ("/map/{versionNumber}/tile", "{versionNumber}"),
            ("/users/2010-04-01/x", "2010-04-01"),
            ("/api/v{version}/users", "v{version}"),
            ("/users", ""),
            ("/users/{id}", ""),
            ("/models/versions/{version}", ""),
            ("/a/b/c/d/2", ""),
            ("/templates/{owner}/{id}/x/{version}", ""),
            ("/a/b/c/d/e/f/v1", ""),
            ("/page/237", ""),
            ("/#X-Amz-Target=DynamoDB_20120810.GetItem", "20120810"),
            ("/#X-Amz-Target=AmazonDMSv20160101.CreateTask", "20160101"),
            ("/#X-Amz-Target=AWSEvents.PutRule", ""),
            ("/users#120120810", ""),
            ("/users#é20120810", "20120810"),
            ("/v1#v2", "v1"),
            ("", ""),
        ];
        for (path, expected) in cases {
            assert_eq!(path_version(path).unwrap_or_default(), expected, "{path}");
        }
    }

    #[test]
    fn splits_a_path_at_its_version() {
        let cases = [
            ("/api/v1/users", "/api/", "v1", "/users"),
            ("/services/rest-v1/users", "/services/", "rest-v1", "/users"),
            ("/alerts_v1/users", "/alerts_", "v1", "/users"),
            ("/v1:search", "/", "v1", ":search"),
            ("/v1.{format}", "/", "v1", ".{format}"),
            ("/2/é", "/", "2", "/é"),
            ("v3", "", "v3", ""),
        ];
        for (path, before, version, after) in cases {
            assert_eq!(split_version(path), Some(VersionedPath { before, version, after }), "{path}");
        }
        assert_eq!(split_version("/users"), None);
    }

    #[test]
    fn compares_versions() {
        for ascending in [
            &[
                "v1alpha1", "v1beta1", "v1beta2", "V1", "v1.1beta", "v1.1", "v1.2", "v1.10", "v2-preview",
                "v2",
            ][..],
            &["2020-04-01-preview", "2020-04-01", "20200402", "2021-01"],
            &["1", "2", "10"],
        ] {
            let numbers: Vec<_> = ascending.iter().map(|text| VersionNumber::parse(text)).collect();
            assert!(numbers.iter().all(Option::is_some), "{ascending:?}");
            assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
        }
        let number = |text| VersionNumber::parse(text).expect("a version");
        assert_eq!(number("v1p1beta1"), number("v1.1beta1"));
        assert_eq!(number("rest-v1"), number("1"));
        assert!(number("v20180820").is_date && number("v2018").is_date && !number("v10").is_date);
        assert!(number("v2beta").is_preview() && !number("v2").is_preview());
        for text in ["v{version}", "{v}", "v1.{minor}", "v", "", "v99999999999999999999999"] {
            assert_eq!(VersionNumber::parse(text), None, "{text}");
        }
    }

    #[test]
    fn reads_the_version_of_a_host() {
        let cases = [
            ("v2.namsor.com", "v2"),
            ("apiv2.clickmeter.com:80", "apiv2"),
            ("api2.bigoven.com", "api2"),
            ("models-v2-lex.{region}.amazonaws.com", "v2"),
            ("v2018.api2pdf.com", "v2018"),
            ("{version}.api.example.com", "{version}"),
            ("v2-1.example.com", "v2-1"),
            ("api.api2cart.com", ""),
            ("wafv2.{region}.amazonaws.com", ""),
            ("serverless.twilio.com", ""),
            ("api.vercel.com", ""),
            ("ipv6.example.com", ""),
            ("localhost:8080", ""),
            ("", ""),
        ];
        for (host, expected) in cases {
            assert_eq!(host_version(host).unwrap_or_default(), expected, "{host}");
        }
    }

    #[test]
    fn knows_version_parameters() {
        for name in [
            "version", "Version", "v", "api-version", "Api-Version", "apiVersion", "APIVersion",
            "api_version", "X-API-Version", "Accept-Version", "Notion-Version", "trakt-api-version",
            "x-ms-version", "zuora-version", "X-GitHub-Api-Version", "anthropic-version",
        ] {
            assert!(is_version_parameter(name), "{name}");
        }
        for name in [
            "versionId", "resourceVersion", "EngineVersion", "oauth_version", "SignatureVersion",
            "appVersion", "engine-version", "create-new-version", "verbose", "severity", "server",
            "conversion", "versions", "version-number", "X-Zuora-WSDL-Version", "x-", "",
        ] {
            assert!(!is_version_parameter(name), "{name}");
        }
        assert!(is_version_variable("apiVersion"));
        assert!(is_version_variable("v"));
        assert!(!is_version_variable("server"));
        assert!(!is_version_variable("versionId"));
    }

    #[test]
    fn reads_the_version_of_a_media_type() {
        let cases = [
            ("application/json;version=2018-01-01", "2018-01-01"),
            ("application/json; v=1.0", "1.0"),
            ("application/json; version=\"2\"", "2"),
            ("application/vnd.github.v3+json", "v3"),
            ("application/vnd.github.v3.star+json", "v3"),
            ("application/vnd.simplyrets-v0.1+json", "v0.1"),
            ("application/vnd.rev.transcript.v1.0+json", "v1.0"),
            ("application/vnd.oai.openapi+json; version=2.4.13", "2.4.13"),
            ("application/json", ""),
            ("application/json; charset=utf-8", ""),
            ("video/mp4", ""),
            ("application/json;version=YYYY-MM-DD", ""),
            ("application/vnd.vimeo.video.version+json", ""),
            ("application/json; profile=\"https://example.com/1.0.1\"", ""),
            ("version", ""),
            ("", ""),
        ];
        for (media, expected) in cases {
            assert_eq!(media_type_version(media).unwrap_or_default(), expected, "{media}");
        }
    }
}
