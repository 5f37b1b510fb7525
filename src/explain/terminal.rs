//! A page for a terminal: a small subset of Markdown, just what our pages use.

use super::Subject;

const BOLD: &str = "\u{1b}[1m";
const RESET: &str = "\u{1b}[0m";

/// The page with its facts under the title.
pub(super) fn render(subject: Subject, color: bool) -> String {
    let mut text = String::new();
    let mut in_code = false;
    let mut has_facts = false;
    for line in strip_comments(subject.page()).lines() {
        if let Some(info) = line.strip_prefix("```") {
            in_code = !in_code;
            // The name of the file is content; the rest of the info string is for tests.
            let file = info.split_whitespace().find_map(|word| word.strip_prefix("file="));
            text.extend(file.map(|file| format!("    {file}:\n")));
        } else if in_code {
            push_line(&mut text, "    ", line);
        } else if let Some(title) = heading(line) {
            // The facts stand between the summary and the first section.
            if line.starts_with("## ") && !std::mem::replace(&mut has_facts, true) {
                text.push_str(&facts(subject));
            }
            let title = title.replace('`', "");
            text.push_str(&if color { format!("{BOLD}{title}{RESET}\n") } else { format!("{title}\n") });
        } else {
            push_line(&mut text, "", line);
        }
    }
    text
}

fn heading(line: &str) -> Option<&str> {
    ["# ", "## ", "### "].iter().find_map(|sign| line.strip_prefix(sign))
}

fn push_line(text: &mut String, indent: &str, line: &str) {
    // No blanks at the end of a line, and no blank lines one after the other.
    if line.is_empty() {
        if !text.ends_with("\n\n") {
            text.push('\n');
        }
        return;
    }
    text.push_str(indent);
    text.push_str(line);
    text.push('\n');
}

fn facts(subject: Subject) -> String {
    let facts = subject.facts();
    let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let lines = facts.iter().map(|(name, value)| format!("  {name:width$}  {value}\n"));
    lines.chain(["\n".to_owned()]).collect()
}

/// The page without its HTML comments, which speak to the tests.
fn strip_comments(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    let mut rest = page;
    while let Some((before, comment)) = rest.split_once("<!--") {
        text.push_str(before);
        rest = comment.split_once("-->").map_or("", |(_, after)| after.trim_start_matches('\n'));
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use crate::explain::terminal;

    #[test]
    fn a_rule_shows_its_facts_and_indents_its_examples() {
        let text = terminal("cleartext-server", false).unwrap();
        let start = "cleartext-server\n\na public server is reached over `http:` or `ws:`\n\n  category    transport\n  severity    high at most\n";
        assert!(text.starts_with(start), "{text}");
        assert!(text.contains("\nWhy is this bad?\n\n"));
        assert!(text.contains("\n      - url: http://api.acme-news.com/v1\n    #        ^^^^"), "{text}");
        assert!(!text.contains('\u{1b}') && !text.contains("```"));
        assert!(
            terminal("cleartext-server", true).unwrap().starts_with("\u{1b}[1mcleartext-server\u{1b}[0m\n")
        );
    }

    #[test]
    fn an_error_has_a_page_without_comments() {
        let text = terminal("unreadable", false).unwrap();
        assert!(text.contains("\n  kind  error: it cannot be selected"), "{text}");
        assert!(!text.contains("<!--") && !text.contains("\n\n\n"), "{text}");
    }
}
