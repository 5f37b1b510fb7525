//! Parts of a rule's page: what other programs show as its description and its help.

/// The page without its HTML comments, which speak to the tests.
pub(super) fn markdown(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    let mut rest = page;
    while let Some((before, comment)) = rest.split_once("<!--") {
        text.push_str(before);
        rest = comment.split_once("-->").map_or("", |(_, after)| after.trim_start_matches('\n'));
    }
    text + rest
}

/// The text under a heading of the second level, up to the next one; empty if there is no such heading.
pub(super) fn section<'p>(page: &'p str, heading: &str) -> &'p str {
    let after = page.split_once(&format!("\n## {heading}\n")).map_or("", |(_, after)| after);
    after.split_once("\n## ").map_or(after, |(text, _)| text).trim()
}

/// The first paragraph of a text, in one line.
pub(super) fn first_paragraph(text: &str) -> String {
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_sections() {
        let page = "# id\n\nsays\n\n## Why\n\nOne\nline.\n\nMore.\n<!-- x\n-->\n## How\n\nSo.\n";
        assert_eq!(section(page, "How"), "So.");
        assert_eq!(first_paragraph(section(page, "Why")), "One line.");
        assert_eq!(section(page, "Else"), "");
        assert_eq!(markdown(page), "# id\n\nsays\n\n## Why\n\nOne\nline.\n\nMore.\n## How\n\nSo.\n");
    }
}
