//! Markdown: what a reader sees, by a parser of Markdown.

use oasguard::report::{MARKDOWN_BYTES, visible};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{many, markup, reports, written};

/// The cells of all rows, and the addresses of all links and pictures.
fn read(text: &str) -> (Vec<Vec<String>>, Vec<String>) {
    let (mut rows, mut links) = (Vec::new(), Vec::new());
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_MATH;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(Tag::TableRow | Tag::TableHead) => rows.push(Vec::new()),
            Event::Start(Tag::TableCell) => rows.last_mut().expect("a cell is in a row").push(String::new()),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                links.push(dest_url.into_string());
            }
            Event::Text(text) | Event::Code(text) => {
                let cell = rows.last_mut().and_then(|row| row.last_mut());
                cell.into_iter().for_each(|cell| cell.push_str(&text));
            }
            Event::InlineHtml(html) => assert_eq!(&*html, "<!-- -->"),
            Event::Start(Tag::Table(_) | Tag::Paragraph | Tag::Heading { .. } | Tag::Strong) => {}
            Event::End(
                TagEnd::Link | TagEnd::Table | TagEnd::TableRow | TagEnd::TableHead | TagEnd::TableCell,
            ) => {}
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Strong) => {}
            other => panic!("{other:?} in {text}"),
        }
    }
    (rows, links)
}

#[test]
fn every_finding_is_a_row_with_its_text_and_nothing_else_is_markup() {
    for (name, report) in reports() {
        let text = written("markdown", &report);
        let (rows, links) = read(&text);
        let total = report.errors.len() + report.findings.len();
        assert_eq!(rows.len(), if total == 0 { 0 } else { total + 1 }, "{name}");
        assert!(rows.iter().all(|row| row.len() == 4), "{name}");
        let pages =
            |link: &String| report.findings.iter().any(|finding| finding.url == *link) || link.is_empty();
        assert!(links.iter().all(pages), "{name}: {links:?}");
        let cells: Vec<&String> = rows.iter().map(|row| &row[2]).collect();
        for finding in &report.findings {
            // Backticks are gone where they made code, and stand where they have no partner.
            let plain = |text: &str| visible(text).replace('`', "");
            let message = plain(&finding.message);
            assert!(cells.iter().any(|cell| plain(cell) == message), "{name}: {message}\n{text}");
        }
    }
}

#[test]
fn nobody_is_linked_or_notified() {
    let text = written("markdown", &markup());
    let outside_code: String = text.split('`').step_by(2).collect();
    for trigger in ["@octocat", "#1 ", "://evil", "www.evil", ":tada:", "$x$", "<b>"] {
        assert!(!outside_code.contains(trigger), "{trigger}: {text}");
    }
}

#[test]
fn it_fits_into_a_comment_and_says_what_does_not() {
    let text = written("markdown", &many(3_000));
    assert!(text.len() <= MARKDOWN_BYTES && text.len() > MARKDOWN_BYTES - 1_000, "{}", text.len());
    let (rows, _) = read(&text);
    let said = format!("… and {} more findings:", group(3_000 - (rows.len() - 1)));
    assert!(text.contains(&said), "{said}");
    assert!(rows[1..].iter().all(|row| row[0] == "high"), "the most severe come first");
    assert!(!written("markdown", &many(100)).contains("more finding"));
}

fn group(number: usize) -> String {
    if number < 1_000 { number.to_string() } else { format!("{},{:03}", number / 1_000, number % 1_000) }
}

#[test]
fn a_clean_run_says_so() {
    let text = written("markdown", &crate::report::report(Vec::new()));
    assert_eq!(text, "### oasguard\n\n**no findings** · 1 document checked\n");
}
