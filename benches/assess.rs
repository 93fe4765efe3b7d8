//! The whole study of the embedded place in memory, its stages from streets to assessment, and its report.

use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lifecircle::types::NoProgress;
use lifecircle::{Language, Study};

fn assess(criterion: &mut Criterion) {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/isle-of-man"));
    let mut group = criterion.benchmark_group("isle_of_man");
    group.sample_size(10);
    group.bench_function("open", |bencher| {
        bencher.iter(|| Study::open(folder, &NoProgress).expect("the study is sound"));
    });
    let study = Study::open(folder, &NoProgress).expect("the study is sound");
    group.throughput(Throughput::Elements(study.residents().len() as u64));
    group.bench_function("assess", |bencher| {
        bencher.iter(|| study.assess(&NoProgress).expect("it has streets").assessment.met.len());
    });
    let outcome = study.assess(&NoProgress).expect("it has streets");
    for language in [Language::English, Language::Chinese] {
        group.bench_function(format!("report_{language}"), |bencher| {
            bencher.iter(|| outcome.write_report(std::io::sink(), language).expect("nobody refuses it"));
        });
    }
    group.finish();
}

criterion_group!(benches, assess);
criterion_main!(benches);
