//! Throughput of what follows reading, on generated documents of three sizes: the model (references, objects,
//! operations), the rules with the making of findings, and as the bound `serde_json::Value` of the same bytes. One thread.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use oasguard::config::Plan;
use oasguard::engine::{self, Excerpts, Inline, LineHashes, Orders, Recording, SuppressedFindings, Threads};
use oasguard::lint::Date;
use oasguard::model::{Api, Document};
use oasguard::source::Limits;
use oasguard::syntax::File;
use serde_json::Value;

mod support;

fn model(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("model");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));
    let plan = Plan::default();
    let (excerpts, threads, today) = (Excerpts::Omit, Threads::One, Date::by_the_clock());
    let orders = Orders {
        rules: plan.rules(),
        adjustments: &[],
        excerpts,
        line_hashes: LineHashes::Omit,
        threads,
        today,
        suppressions: &[],
        inline: Inline::Heed,
        locked: &[],
        named: |_| Vec::new(),
        known: None,
        recording: Recording::Omit,
        accepted: SuppressedFindings::Omit,
    };
    for paths in [30, 300, 3000] {
        let json = serde_json::to_string(&support::document(paths)).expect("a JSON text");
        let file = File::parse("/bench.json".into(), "bench.json".into(), json.clone(), &Limits::default());
        let file = Arc::new(file);
        group.throughput(Throughput::Bytes(json.len() as u64));
        group.bench_with_input(BenchmarkId::new("model", json.len()), &file, |bencher, file| {
            bencher.iter(|| {
                let document = Document::of_file(black_box(file).clone()).expect("an OpenAPI document");
                Api::of(&document).operations.len()
            });
        });
        let document = Document::of_file(file).expect("an OpenAPI document");
        group.bench_with_input(BenchmarkId::new("rules", json.len()), &document, |bencher, document| {
            // What rules ask first is computed then, so that each round starts with a new `Api`.
            bencher.iter(|| {
                let api = Api::of(black_box(document));
                engine::check(&api, &orders).findings.len()
            });
        });
        group.bench_with_input(BenchmarkId::new("bound, serde_json", json.len()), &json, |bencher, text| {
            bencher.iter(|| serde_json::from_str::<Value>(black_box(text)));
        });
    }
    group.finish();
}

criterion_group!(benches, model);
criterion_main!(benches);
