//! Writes a baseline: one entry a line, so that the changes of two branches can be merged.

use std::io::{self, BufWriter, Write};

use super::{Baseline, VERSION};

const HEADER: &str = "\
# Findings that oasguard accepts for now; it reports what is new. Written by `oasguard baseline write`.
# `oasguard baseline prune` removes what is fixed. Paths are relative to this file.
";

impl Baseline {
    /// Writes the file. Equal baselines are equal bytes.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut out = BufWriter::new(out);
        write!(out, "{HEADER}version: {VERSION}\nentries:\n")?;
        for entry in &self.entries {
            write!(out, "- {{ path: {}", scalar(&entry.path))?;
            if let Some(root) = &entry.root {
                write!(out, ", root: {}", scalar(root))?;
            }
            writeln!(
                out,
                ", rule: {}, fingerprint: {}, severity: {}, since: {} }}",
                scalar(&entry.rule),
                scalar(&entry.fingerprint),
                entry.severity.name(),
                entry.since
            )?;
        }
        out.flush()
    }
}

/// A text as every YAML reader takes it for a text: bare, or in double quotes as JSON has them.
fn scalar(text: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'/' | b'-');
    // A number, a date, a truth value or a null would have no other letters.
    let is_word = text.split(['.', '/', '-', '_']).any(|word| {
        word.len() > 1
            && word.bytes().any(|byte| byte.is_ascii_alphabetic() && !byte.eq_ignore_ascii_case(&b'e'))
    });
    let is_special = ["true", "false", "null", "yes", "no", "on", "off"]
        .iter()
        .any(|word| text.trim_start_matches('.').eq_ignore_ascii_case(word));
    let starts_well = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    let is_infinite =
        text.starts_with('.') && text.len() <= 5 || text.starts_with("0x") || text.starts_with("0o");
    if text.bytes().all(is_bare) && is_word && !is_special && starts_well && !is_infinite {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            // What a terminal or an editor obeys: controls, changes of direction, line ends, marks of the byte order.
            '\u{0}'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::scalar;

    #[test]
    fn what_another_reader_might_take_for_something_else_is_quoted() {
        for bare in ["specs/a.yaml", "../a.json", "unauthenticated-write", "0123456789abcdef0123456789abcdef"]
        {
            assert_eq!(scalar(bare), bare);
        }
        for quoted in [
            "",
            "true",
            "1e5",
            "12345678901234567890123456789012",
            "1e345678901234567890123456789012",
            "2026-01-01",
            "a b",
            "a: b",
            "- a",
            "-a",
            "a#b",
            "null",
            ".inf",
            ".nan",
            "0x12ab",
            "é.yaml",
            "a,b",
            "{a}",
            "Off",
        ] {
            assert_eq!(scalar(quoted), format!("\"{quoted}\""));
        }
        assert_eq!(scalar("a\"\\\n\u{202e}"), "\"a\\\"\\\\\\u000a\\u202e\"");
    }
}
