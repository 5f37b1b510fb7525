//! The time to write a report of ten thousand findings in a document of 30 MB, in each format, with the lint that made
//! it and `serde_json::Value` of the same bytes as the bounds. One thread. Half a second a format is the target.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use oasguard::engine::Excerpts;
use oasguard::report::{self, Full};
use oasguard::session::{Input, InputOrigin};
use serde_json::Value;

mod support;

const FINDINGS: usize = 10_000;
const BYTES: usize = 30_000_000;

fn rendering(criterion: &mut Criterion) {
    let text = document();
    let path = std::env::temp_dir().join("oasguard-bench-rendering.json");
    let mut session = support::session(&path, &text);
    session.excerpts = Excerpts::Cut;
    let input = [Input { path, origin: InputOrigin::Named }];
    let report = session.lint(&input);
    assert!(report.findings.len() >= FINDINGS, "{} findings", report.findings.len());

    let mut group = criterion.benchmark_group("rendering");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));
    let mut out = Vec::new();
    let full = Full { all: true, ..Full::default() };
    group.bench_function("full", |bencher| {
        bencher.iter(|| {
            out.clear();
            report::full(black_box(&report), &full, &mut out)
        });
    });
    type Write = fn(&oasguard::lint::Report, &mut dyn std::io::Write) -> std::io::Result<()>;
    let formats: [(&str, Write); 4] = [
        ("concise", report::concise),
        ("gcc", report::gcc),
        ("json", report::json),
        ("json-lines", report::json_lines),
    ];
    for (name, write) in formats {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                out.clear();
                write(black_box(&report), &mut out)
            });
        });
    }
    group.bench_function("lint", |bencher| bencher.iter(|| session.lint(black_box(&input))));
    group.bench_function("bound, serde_json", |bencher| {
        bencher.iter(|| serde_json::from_str::<Value>(black_box(&text)));
    });
    group.finish();
}

/// A document in which each of ten thousand schemas has a key twice.
fn document() -> String {
    let mut text =
        String::from(r#"{"openapi":"3.0.3","info":{"title":"Generated","version":"1.0.0"},"paths":{},"#);
    text.push_str(r#""components":{"schemas":{"#);
    let prose = "What the field means, in a sentence. ".repeat(BYTES / FINDINGS / 37);
    for number in 0..FINDINGS {
        let comma = if number == 0 { "" } else { ",\n" };
        let _ = write!(
            text,
            r#"{comma}"Schema{number}":{{"type":"string","description":"{prose}","type":"string"}}"#
        );
    }
    text.push_str("}}}");
    text
}

criterion_group!(benches, rendering);
criterion_main!(benches);
