//! Throughput of the JSON and YAML readers on generated documents of three sizes, with `serde_json::Value` as the bound
//! to stay above.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use oasguard::source::Limits;
use oasguard::syntax::{Format, parse, parse_fast, parse_full};
use serde_json::Value;

mod support;
use support::document;

fn readers(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("readers");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));
    let limits = Limits::default();
    for paths in [30, 300, 3000] {
        let document = document(paths);
        let json = serde_json::to_string(&document).expect("a JSON text");
        let yaml = serde_yaml::to_string(&document).expect("a YAML text");
        group.throughput(Throughput::Bytes(json.len() as u64));
        group.bench_with_input(BenchmarkId::new("json", json.len()), &json, |bencher, text| {
            bencher.iter(|| parse(black_box(text), Format::Json, &limits));
        });
        group.bench_with_input(BenchmarkId::new("json, serde_json", json.len()), &json, |bencher, text| {
            bencher.iter(|| serde_json::from_str::<Value>(black_box(text)));
        });
        group.throughput(Throughput::Bytes(yaml.len() as u64));
        group.bench_with_input(BenchmarkId::new("yaml", yaml.len()), &yaml, |bencher, text| {
            bencher.iter(|| parse(black_box(text), Format::Yaml, &limits));
        });
    }
    group.finish();
}

/// The two readers of YAML apart; `parse` asks the complete one where the fast one gives up.
fn yaml_readers(criterion: &mut Criterion) {
    let limits = Limits::default();
    let texts = [30, 300, 3000].map(|paths| serde_yaml::to_string(&document(paths)).expect("a YAML text"));
    for name in ["read/yaml-fast", "read/yaml-full"] {
        let mut group = criterion.benchmark_group(name);
        let times = (Duration::from_millis(300), Duration::from_secs(2));
        group.sample_size(10).warm_up_time(times.0).measurement_time(times.1);
        for text in &texts {
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_with_input(BenchmarkId::from_parameter(text.len()), text, |bencher, text| {
                bencher.iter(|| match name {
                    "read/yaml-fast" => parse_fast(black_box(text), &limits).expect("ordinary YAML"),
                    _ => parse_full(black_box(text), &limits),
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, readers, yaml_readers);
criterion_main!(benches);
