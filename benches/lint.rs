//! Throughput of a whole lint (read, parse, model, rules, findings) on generated documents of three sizes, with
//! `serde_json::Value` of the same bytes as the bound. One thread.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use oasguard::session::{Input, InputOrigin};
use serde_json::Value;

mod support;

fn lint(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("lint");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));
    for paths in [30, 300, 3000] {
        let document = support::document(paths);
        let json = serde_json::to_string(&document).expect("a JSON text");
        let yaml = serde_yaml::to_string(&document).expect("a YAML text");
        for (name, text) in [("json", &json), ("yaml", &yaml)] {
            let path = std::env::temp_dir().join(format!("oasguard-bench.{name}"));
            let session = support::session(&path, text);
            let input = [Input { path, origin: InputOrigin::Named }];
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(BenchmarkId::new(name, text.len()), |bencher| {
                bencher.iter(|| session.lint(black_box(&input)));
            });
        }
        group.throughput(Throughput::Bytes(json.len() as u64));
        group.bench_with_input(BenchmarkId::new("bound, serde_json", json.len()), &json, |bencher, text| {
            bencher.iter(|| serde_json::from_str::<Value>(black_box(text)));
        });
    }
    group.finish();
}

criterion_group!(benches, lint);
criterion_main!(benches);
