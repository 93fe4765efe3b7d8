//! Embeds the facade: assesses a study and draws who has how many of the required services.
//!
//! `cargo run --release -p lifecircle-examples --bin draw_map [STUDY] [MAP.svg]`; by default the Isle of Man into
//! `docs/isle-of-man.svg`. The picture is the same on every run.

use std::fmt::Write;
use std::path::PathBuf;

use lifecircle::types::{BoundingBox, LocalFrame, LonLat, NoProgress, People};
use lifecircle::{Outcome, Study};

const HEIGHT: f64 = 900.0;
const MARGIN: f64 = 20.0;
const LEGEND: f64 = 250.0;

/// From no service, dark red, to every service, dark green; readable without telling red from green, as the
/// lightness rises to the middle and the greens carry blue.
const COLOURS: [&str; 7] = ["#7f0000", "#c7421f", "#ee8f4d", "#f7d694", "#a9d5b5", "#4ba3a0", "#00595e"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let study = arguments.next().unwrap_or_else(|| root.join("examples/isle-of-man"));
    let picture = arguments.next().unwrap_or_else(|| root.join("docs/isle-of-man.svg"));
    let study = Study::open(&study, &NoProgress)?;
    let outcome = study.assess(&NoProgress)?;
    std::fs::write(picture, map(&outcome)?)?;
    Ok(())
}

fn map(outcome: &Outcome<'_>) -> Result<String, Box<dyn std::error::Error>> {
    let residents = outcome.study().residents();
    let homes = || residents.positions().iter().copied().flatten();
    let bounds = BoundingBox::around(homes()).ok_or("the study places nobody")?;
    let frame = LocalFrame::around(bounds.centre());
    let (low, high) = (frame.project(bounds.min), frame.project(bounds.max));
    let scale = (HEIGHT - 2.0 * MARGIN) / (high.y - low.y).max(1.0);
    let width = (high.x - low.x) * scale + 2.0 * MARGIN + LEGEND;
    let xy = |at: LonLat| {
        let at = frame.project(at);
        ((at.x - low.x) * scale + MARGIN, (high.y - at.y) * scale + MARGIN)
    };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{HEIGHT:.0}\" \
         viewBox=\"0 0 {width:.0} {HEIGHT:.0}\" font-family=\"sans-serif\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    streets(outcome, &bounds, &xy, &mut svg)?;
    dots(outcome, &xy, &mut svg)?;
    legend(outcome, width - LEGEND + 10.0, &mut svg)?;
    svg.push_str("</svg>\n");
    Ok(svg)
}

fn streets(
    outcome: &Outcome<'_>,
    bounds: &BoundingBox,
    xy: &dyn Fn(LonLat) -> (f64, f64),
    svg: &mut String,
) -> std::fmt::Result {
    svg.push_str("<path fill=\"none\" stroke=\"#d8d8d8\" stroke-width=\"0.5\" d=\"");
    for segment in outcome.network.segments() {
        let shape = segment.shape();
        let main = ["primary", "secondary", "tertiary", "trunk", "unclassified"].contains(&segment.highway());
        if !main || !shape.iter().all(|&at| bounds.contains(at)) {
            continue;
        }
        let mut last = None;
        for &at in shape {
            let (x, y) = xy(at);
            let point = format!("{x:.1} {y:.1}");
            if last.as_ref() != Some(&point) {
                write!(svg, "{}{point}", if last.is_none() { 'M' } else { 'L' })?;
                last = Some(point);
            }
        }
    }
    svg.push_str("\"/>\n");
    Ok(())
}

/// One dot per home and pixel, as large as its people, the worst served on top.
fn dots(outcome: &Outcome<'_>, xy: &dyn Fn(LonLat) -> (f64, f64), svg: &mut String) -> std::fmt::Result {
    let residents = outcome.study().residents();
    let mut cells: std::collections::BTreeMap<(i64, i64), (People, f64)> = std::collections::BTreeMap::new();
    for place in residents.indices() {
        let (Some(at), people) = (residents.positions()[place.index()], residents.people()[place.index()])
        else {
            continue;
        };
        let (required, met, _) = outcome.assessment.met[place.index()];
        let (x, y) = xy(at);
        #[expect(clippy::cast_possible_truncation, reason = "pixels of a picture")]
        let cell = ((x / 3.0).floor() as i64, (y / 3.0).floor() as i64);
        let entry = cells.entry(cell).or_default();
        entry.0 += people;
        entry.1 += people.as_f64() * f64::from(met) / f64::from(required.max(1));
    }
    let mut dots: Vec<_> = cells
        .into_iter()
        .map(|(cell, (people, met))| (shade(met / people.as_f64().max(1e-6)), cell, people))
        .collect();
    dots.sort_by_key(|(shade, cell, _)| (std::cmp::Reverse(*shade), *cell));
    for (shade, (x, y), people) in dots {
        let radius = (people.as_f64().sqrt() * 0.35).clamp(0.8, 4.0);
        #[expect(clippy::cast_precision_loss, reason = "pixels of a picture")]
        let (x, y) = (x as f64 * 3.0 + 1.5, y as f64 * 3.0 + 1.5);
        writeln!(svg, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius:.1}\" fill=\"{}\"/>", COLOURS[shade])?;
    }
    Ok(())
}

/// Which colour a share of services met has: none and all have their own, the rest fall in five steps.
fn shade(share: f64) -> usize {
    let steps = [0.001, 0.2, 0.4, 0.6, 0.8, 0.999];
    steps.iter().filter(|&&step| share >= step).count()
}

fn legend(outcome: &Outcome<'_>, x: f64, svg: &mut String) -> std::fmt::Result {
    let assessment = &outcome.assessment;
    let required = assessment.shares.first().map_or(0, |all| all.services.len());
    let lines = [
        outcome.study().name().to_string(),
        format!("{} residents, map of {}", assessment.residents.people, outcome.provenance.date),
        format!("share of {required} services within"),
        "a 15-minute walk".to_string(),
    ];
    for (line, (text, y)) in lines.iter().zip([40.0, 64.0, 96.0, 112.0]).enumerate() {
        let size = if line == 0 { 22 } else { 13 };
        writeln!(svg, "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"#222222\">{text}</text>")?;
    }
    let labels = ["none", "under 20 %", "20-40 %", "40-60 %", "60-80 %", "80 % and more", "every one"];
    for ((label, colour), y) in labels.iter().zip(COLOURS).zip((0_u8..).map(|n| 140.0 + 24.0 * f64::from(n)))
    {
        writeln!(svg, "<circle cx=\"{}\" cy=\"{y}\" r=\"6\" fill=\"{colour}\"/>", x + 8.0)?;
        writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" font-size=\"13\" fill=\"#222222\">{label}</text>",
            x + 24.0,
            y + 4.5
        )?;
    }
    for (line, y) in outcome.provenance.attribution.iter().zip([860.0, 874.0, 888.0]) {
        let line =
            line.replace(", Open Database License 1.0", ", ODbL").replace("Isle of Man Government, ", "");
        writeln!(svg, "<text x=\"{x}\" y=\"{y}\" font-size=\"10\" fill=\"#666666\">{line}</text>")?;
    }
    Ok(())
}
