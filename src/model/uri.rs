//! The parts of URI references (RFC 3986) that references and identifiers need.

use std::borrow::Cow;

/// The scheme of a URI (RFC 3986 §3.1).
pub(super) fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let mut bytes = scheme.bytes();
    let starts = bytes.next().is_some_and(|b| b.is_ascii_alphabetic());
    (starts && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))).then_some(scheme)
}

/// `%2F` and its like decoded (RFC 3986 §2.1); what is no escape, or no UTF-8, stays.
pub(crate) fn percent_decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match escape.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// A reference resolved against a base URI (RFC 3986 §5.2), as far as identifiers need it.
pub(super) fn join(base: &str, reference: &str) -> String {
    if scheme(reference).is_some() || base.is_empty() {
        return reference.to_owned();
    }
    let authority = base.find("://").map_or(0, |at| at + 3);
    let path = base[authority..].find('/').map_or(base.len(), |at| authority + at);
    if reference.starts_with('/') {
        return format!("{}{reference}", &base[..path]);
    }
    let folder = base.rfind('/').filter(|&at| at >= authority).map_or(base.len(), |at| at + 1);
    let slash = if folder == base.len() && !base.ends_with('/') { "/" } else { "" };
    let joined = format!("{}{slash}{reference}", &base[path.min(folder)..folder]);
    format!("{}{}", &base[..path.min(folder)], without_dots(&joined))
}

/// A path without its `.` and `..` segments (RFC 3986 §5.2.4).
fn without_dots(path: &str) -> String {
    let root = if path.starts_with('/') { "/" } else { "" };
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.trim_start_matches('/').split('/') {
        match segment {
            "." => {}
            ".." => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    format!("{root}{}", segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_escapes_are_decoded_once() {
        assert_eq!(percent_decode("/paths/~1a~1%7Bid%7D"), "/paths/~1a~1{id}");
        assert_eq!(percent_decode("100%"), "100%");
        assert_eq!(percent_decode("%zz%2525"), "%zz%25");
    }

    #[test]
    fn identifiers_are_joined_to_their_base() {
        assert_eq!(join("https://a.example/s/x.json", "y.json"), "https://a.example/s/y.json");
        assert_eq!(join("https://a.example/s/x.json", "/y.json"), "https://a.example/y.json");
        assert_eq!(join("https://a.example", "y.json"), "https://a.example/y.json");
        assert_eq!(join("https://a.example/s/t/x.json", "../.././y.json"), "https://a.example/y.json");
        assert_eq!(join("https://a.example/s/x.json", "../../../y.json"), "https://a.example/y.json");
        assert_eq!(join("/s/x.json", "../y.json"), "/y.json");
        assert_eq!(join("https://a.example/s/x", "urn:z"), "urn:z");
    }
}
