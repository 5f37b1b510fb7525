//! A whole lint of documents of 1, 10 and 100 MB: the throughput must not fall with the size. `serde_json::Value` of the
//! same bytes is the bound. One thread.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use oasguard::session::{Input, InputOrigin};
use serde_json::Value;

mod support;

fn linearity(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("linearity");
    group.sample_size(10).warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_secs(2));
    group.sampling_mode(SamplingMode::Flat);
    let bytes_of_100 = serde_json::to_string(&support::document(100)).expect("a JSON text").len();
    for megabytes in [1, 10, 100] {
        let document = support::document(megabytes * 1_000_000 * 100 / bytes_of_100);
        let json = serde_json::to_string(&document).expect("a JSON text");
        drop(document);
        let path = std::env::temp_dir().join("oasguard-bench-linearity.json");
        let session = support::session(&path, &json);
        let input = [Input { path, origin: InputOrigin::Named }];
        group.throughput(Throughput::Bytes(json.len() as u64));
        group.bench_function(BenchmarkId::new("lint", megabytes), |bencher| {
            bencher.iter(|| session.lint(black_box(&input)));
        });
        group.bench_with_input(BenchmarkId::new("bound, serde_json", megabytes), &json, |bencher, text| {
            bencher.iter(|| serde_json::from_str::<Value>(black_box(text)));
        });
    }
    group.finish();
}

criterion_group!(benches, linearity);
criterion_main!(benches);
