//! What a report looks like for people.

use oasguard::lint::{Confidence, Failure, Finding, Report, cut};
use oasguard::report::{Full, full};
use oasguard::source::LineIndex;

use crate::report::{PETS, at, bare, failure, find, hostile, label, operation, report, rich};

fn human(report: &Report, options: &Full) -> String {
    let mut out = Vec::new();
    full(report, options, &mut out).expect("memory does not fail");
    String::from_utf8(out).expect("a report is text")
}

fn plain(report: &Report) -> String {
    human(report, &Full::default())
}

/// Only the finding, without the heading of its document and the last line.
fn one(finding: Finding) -> String {
    let text = plain(&report(vec![finding]));
    let (_, text) = text.split_once("\n\n").expect("a heading");
    text.rsplit_once("\n\n").expect("a last line").0.to_owned()
}

#[test]
fn a_report_with_everything() {
    insta::assert_snapshot!("everything", plain(&rich()));
}

#[test]
fn verbose_adds_pointers_pages_operations_and_what_is_public() {
    insta::assert_snapshot!("verbose", human(&rich(), &Full { verbose: true, ..Full::default() }));
}

#[test]
fn colours_come_only_when_asked_for() {
    let colored = human(&rich(), &Full { color: true, ..Full::default() });
    assert!(!plain(&rich()).contains('\x1b'));
    insta::assert_snapshot!("color", colored.replace('\x1b', "␛"));
}

#[test]
fn a_clean_run_is_one_line() {
    assert_eq!(plain(&report(Vec::new())), "no findings: checked 2 rules on 2 operations in 1 document\n");
    let mut silent = report(Vec::new());
    silent.summary.suppressed = 3;
    silent.summary.baselined.by_severity[3] = 1;
    assert_eq!(
        plain(&silent),
        "no findings: checked 2 rules on 2 operations in 1 document (3 suppressed, 1 known)\n"
    );
    assert_eq!(plain(&Report::default()), "no documents checked\n");
}

#[test]
fn errors_come_first() {
    let mut report = rich();
    report.findings.truncate(1);
    report.errors = vec![
        failure(),
        Failure {
            rule: "unreadable",
            message: "no such file".to_owned(),
            help: "check the path".to_owned(),
            path: "absent.yaml".to_owned(),
            location: None,
            related: Vec::new(),
        },
    ];
    report.documents[0].incomplete = true;
    insta::assert_snapshot!("errors", plain(&report));
}

#[test]
fn a_rule_with_many_findings_is_capped() {
    let text: String = (0..8).map(|n| format!("/p{n}:\n")).collect();
    let many = |path: &str| (0..8).map(|n| bare(find(path, &text, &format!("/p{n}")))).collect::<Vec<_>>();
    let mut findings = many("a.yaml");
    findings.extend(many("b.yaml").into_iter().take(5));
    let report = report(findings);
    let capped = plain(&report);
    assert_eq!(capped.matches("high[").count(), 10);
    insta::assert_snapshot!("capped", capped);
    let all = human(&report, &Full { all: true, ..Full::default() });
    assert_eq!(all.matches("high[").count(), 13);
    assert!(!all.contains("--all"));
}

#[test]
fn a_label_in_another_file_is_a_note() {
    let mut finding = bare(find("pets.yaml", PETS, "post"));
    let other = "components:\n  securitySchemes:\n    key: { in: query }\n";
    finding.related = vec![label("the scheme stands here", find("shared/schemes.yaml", other, "key"))];
    insta::assert_snapshot!(one(finding), @r"
        high[unauthenticated-write]: `POST /pets` can be called without authentication
           ╭─[pets.yaml:8:5]
         7 │       operationId: listPets
         8 │     post:
           ·     ──┬─
           ·       ╰── accepts anonymous writes
         9 │       operationId: createPet
           ╰────
           = note: shared/schemes.yaml:3:5: the scheme stands here
           = help: require a security scheme here or at the root
           = see: OWASP API2:2023, CWE-306
        ");
}

#[test]
fn labels_on_one_line_and_near_lines_share_an_excerpt() {
    let text = "a: 1\nget: { security: [{ key: [] }], deprecated: true }\nb: 2\nc: 3\nd: 4\n";
    let mut finding = bare(find("a.yaml", text, "key"));
    finding.related = vec![
        label("the operation", find("a.yaml", text, "get")),
        label("same place", find("a.yaml", text, "key")),
        label("not in use", find("a.yaml", text, "deprecated")),
        label("two lines below", find("a.yaml", text, ": 4")),
    ];
    insta::assert_snapshot!(one(finding), @r"
        high[unauthenticated-write]: `POST /pets` can be called without authentication
           ╭─[a.yaml:2:21]
         1 │ a: 1
         2 │ get: { security: [{ key: [] }], deprecated: true }
           · ─┬─                 ─┬─         ─────┬────
           ·  │                   │               ╰── not in use
           ·  │                   ╰── accepts anonymous writes
           ·  ╰── the operation
         3 │ b: 2
         4 │ c: 3
         5 │ d: 4
           ·  ─┬─
           ·   ╰── two lines below
           ╰────
           = note: a.yaml:2:21: same place
           = help: require a security scheme here or at the root
           = see: OWASP API2:2023, CWE-306
        ");
}

#[test]
fn boxes_line_up_whatever_the_length_of_the_line_numbers() {
    let text = format!("security: []\n{}post: {{}}\n", "# a comment\n".repeat(120));
    let mut finding = bare(find("a.yaml", &text, "post"));
    finding.related = vec![label("inherits the global `security` here", find("a.yaml", &text, "security"))];
    finding.confidence = Confidence::Low;
    finding.roots = ["a.yaml", "b.yaml", "c.yaml"].map(str::to_owned).to_vec();
    insta::assert_snapshot!(one(finding), @r"
        high[unauthenticated-write]: `POST /pets` can be called without authentication
             ╭─[a.yaml:122:1]
         121 │ # a comment
         122 │ post: {}
             · ──┬─
             ·   ╰── accepts anonymous writes
             ╰────
             ╭─[a.yaml:1:1]
           1 │ security: []
             · ────┬───
             ·     ╰── inherits the global `security` here
             ╰────
             = reached from 3 documents: a.yaml, b.yaml, c.yaml
             = help: require a security scheme here or at the root
             = see: OWASP API2:2023, CWE-306
             = confidence: low
        ");
}

#[test]
fn a_minified_line_is_a_window_with_the_true_column() {
    let text = format!(
        "{{\"filler\":\"{}\",\"post\":{{\"operationId\":\"x\"}},\"tail\":\"{}\",\"security\":[]}}",
        "é".repeat(100_000),
        "y".repeat(3000)
    );
    let mut finding = bare(find("min.json", &text, "\"post\""));
    finding.related = vec![label("inherits this", find("min.json", &text, "\"security\""))];
    insta::assert_snapshot!(one(finding), @r#"
        high[unauthenticated-write]: `POST /pets` can be called without authentication
           ╭─[min.json:1:100014]
         1 │ …ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé","post":{"operationId":"x"},"tail…
           ·                                                               ───┬──
           ·                                                                  ╰── accepts anonymous writes
           ╰────
           ╭─[min.json:1:103051]
         1 │ …yyyyyyyyyyyyyyyyyyyyy","security":[]}
           ·                         ─────┬────
           ·                              ╰── inherits this
           ╰────
           = help: require a security scheme here or at the root
           = see: OWASP API2:2023, CWE-306
        "#);
}

#[test]
fn a_long_line_is_cut_to_the_terminal() {
    let text = format!("description: {} key {}\n", "word ".repeat(20), "more ".repeat(20));
    let finding = bare(find("a.yaml", &text, "key"));
    let narrow = human(&report(vec![finding]), &Full { width: 60, ..Full::default() });
    insta::assert_snapshot!(narrow, @r"
        a.yaml (1 high)

        high[unauthenticated-write]: `POST /pets` can be called without authentication
           ╭─[a.yaml:1:115]
         1 │ …d word word  key more more more more more more more m…
           ·               ─┬─
           ·                ╰── accepts anonymous writes
           ╰────
           = help: require a security scheme here or at the root
           = see: OWASP API2:2023, CWE-306

        1 finding: 1 high
        ");
    assert!(narrow.lines().skip(3).take(4).all(|line| line.chars().count() <= 60), "{narrow}");
}

#[test]
fn tabs_wide_characters_and_crlf_keep_the_mark_in_place() {
    let text = "{\r\n\t\"名前\":\t\"größe 😀\", \"post\": {}\r\n}\r\n";
    insta::assert_snapshot!(one(bare(find("a.json", text, "\"post\""))), @r#"
        high[unauthenticated-write]: `POST /pets` can be called without authentication
           ╭─[a.json:2:19]
         1 │ {
         2 │     "名前": "größe 😀", "post": {}
           ·                         ───┬──
           ·                            ╰── accepts anonymous writes
         3 │ }
           ╰────
           = help: require a security scheme here or at the root
           = see: OWASP API2:2023, CWE-306
        "#);
}

#[test]
fn odd_places_do_not_fail() {
    let text = "\u{feff}a: b\nc: d";
    for range in [0..0, 0..3, 3..4, 3..text.len(), text.len()..text.len(), 7..7, 7..8, 8..9] {
        let shown = one(bare(at("a.yaml", text, range.clone())));
        assert!(shown.contains("a.yaml:"), "{range:?} {shown}");
    }
    let empty = one(bare(at("a.yaml", "", 0..0)));
    assert!(empty.contains("a.yaml:1:1"), "{empty}");
    let mut finding = bare(find("a.yaml", "x\ny: z\n", "y"));
    finding.location.excerpt = None;
    insta::assert_snapshot!(one(finding), @r"
        high[unauthenticated-write]: `POST /pets` can be called without authentication
          --> a.yaml:2:1: accepts anonymous writes
           = help: require a security scheme here or at the root
           = see: OWASP API2:2023, CWE-306
        ");
}

#[test]
fn a_place_of_several_lines_is_marked_on_its_first() {
    let text = "a:\n  b: 1\n  c: 2\nd: 3\n";
    insta::assert_snapshot!(one(bare(find("a.yaml", text, "b: 1\n  c: 2"))), @r"
        high[unauthenticated-write]: `POST /pets` can be called without authentication
           ╭─[a.yaml:2:3]
         1 │ a:
         2 │   b: 1
           ·   ──┬─
           ·     ╰── accepts anonymous writes
         3 │   c: 2
           ╰────
           = help: require a security scheme here or at the root
           = see: OWASP API2:2023, CWE-306
        ");
}

#[test]
fn nothing_in_a_document_steers_the_terminal_or_the_build() {
    let shown = human(&hostile(), &Full { verbose: true, ..Full::default() });
    for active in ['\x1b', '\x07', '\x08', '\r', '\u{9b}', '\u{202e}', '\t'] {
        assert!(!shown.contains(active), "{active:?} in {shown}");
    }
    for line in shown.lines() {
        assert!(!line.trim_start().starts_with("::"), "{line}");
        assert!(!line.contains("##["), "{line}");
    }
    insta::assert_snapshot!("hostile", shown);
}

#[test]
fn a_text_of_megabytes_is_cut() {
    let mut finding = bare(find("pets.yaml", PETS, "post"));
    finding.message = "x".repeat(5_000_000);
    finding.affected = (0..30).map(|_| operation("GET", &"/é".repeat(1_000_000))).collect();
    assert!(one(finding).len() < 5_000);
}

/// Numbers below a bound, the same in every run.
fn random() -> impl FnMut(usize) -> usize {
    let mut state = 1_u64;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    }
}

#[test]
fn the_mark_is_under_its_text() {
    let mut random = random();
    for _ in 0..2_000 {
        let length = 1 + random(1_200);
        let text: String = (0..length).map(|_| ['a', 'b', 'é', '\x07', 'c', ' '][random(6)]).collect();
        let start = text.floor_char_boundary(random(text.len()));
        let end = text.ceil_char_boundary(start + 1 + random(30)).min(text.len());
        let width = 50 + random(100);
        let finding = bare(at("a.yaml", &text, start..end));
        let shown = human(&report(vec![finding]), &Full { width, ..Full::default() });
        let mut lines = shown.lines().skip_while(|line| !line.contains("╭─[")).skip(1);
        let (row, under) = (lines.next().expect("a line"), lines.next().expect("its mark"));
        assert!(row.chars().count() <= width, "{width} {row}");
        let is_mark = |character: char| "─┬".contains(character);
        let from = under.chars().position(is_mark).expect("a mark");
        let length = under.chars().filter(|character| is_mark(*character)).count();
        let marked: String = row.chars().chain([' '; 30]).skip(from).take(length).collect();
        let expected = text[start..end].replace('\x07', "␇");
        assert_eq!(marked, expected, "{start}..{end} of {text:?} in {shown}");
    }
}

#[test]
fn no_text_and_no_place_makes_it_fail() {
    let alphabet =
        ['a', 'b', ' ', '\n', '\r', '\t', 'é', '名', '😀', '\u{301}', '\u{feff}', '\x1b', '#', '['];
    let mut random = random();
    for _ in 0..4_000 {
        let lines = [1, 4, 60, 1_000][random(4)];
        let break_at = |letter: &char| !(lines > 100 && matches!(letter, '\n' | '\r'));
        let length = [0, 1, 3, 20, 200, 2_000][random(6)];
        let text: String = (0..length).map(|_| alphabet[random(alphabet.len())]).filter(break_at).collect();
        let mut place = || {
            let start = random(text.len() + 1);
            let end = (start + [0, 1, 5, 300][random(4)]).min(text.len());
            let mut location = at("a.yaml", &text, start..end);
            if random(8) == 0 {
                location.excerpt = None;
            }
            location
        };
        let mut finding = bare(place());
        finding.related = (0..4).map(|n| label(&format!("related {n}"), place())).collect();
        let location = finding.location.clone();
        let options = Full { width: [0, 50, 100, usize::MAX][random(4)], ..Full::default() };
        let shown = human(&report(vec![finding]), &options);
        let header = format!("a.yaml:{}:{}", location.start.line, location.start.column);
        assert!(shown.contains(&header), "{header} for {text:?} in {shown}");
        for n in 0..4 {
            assert!(shown.contains(&format!("related {n}")), "{n} for {text:?} in {shown}");
        }
    }
}

#[test]
fn many_findings_in_one_huge_line_are_fast() {
    // Had each to scan the line, or to copy it, this would take hours.
    let text = format!("{{{}}}", "\"post\":{\"security\":[]},".repeat(1_000_000));
    let lines = LineIndex::new(&text);
    let mut findings = Vec::new();
    for n in 0..5_000 {
        let start = 1 + n * 25 * 199;
        let mut finding = bare(find("min.json", "\"post\"", "post"));
        finding.location.start = lines.line_column(&text, start);
        finding.location.bytes = start as u32..start as u32 + 6;
        finding.location.excerpt = Some(cut(&text, &lines, start..start + 6));
        findings.push(finding);
    }
    let shown = human(&report(findings), &Full { all: true, ..Full::default() });
    assert_eq!(shown.matches("high[").count(), 5_000);
    assert!(shown.len() < 5_000_000);
}
