//! Draws the twenty longest legs between homes, doors and their streets, each with what lies around it.
//!
//! `cargo run --release -p lifecircle-examples --bin draw_links [STUDY] [MAP.svg]`; by default the Isle of Man into
//! `docs/worst-links.svg`. The picture is the same on every run.

use std::fmt::Write;
use std::path::PathBuf;

use lifecircle::network::{Approach, WalkProfile, is_street};
use lifecircle::types::{BarrierKind, BoundingBox, LocalFrame, LonLat, NoProgress};
use lifecircle::{Outcome, Study};

const WORST: usize = 20;
const COLUMNS: usize = 5;
/// Side of a panel, and the height of the words below it.
const PANEL: f64 = 190.0;
const WORDS: f64 = 46.0;
const GAP: f64 = 12.0;
const TITLE: f64 = 50.0;

struct Leg {
    what: &'static str,
    id: String,
    at: LonLat,
    approach: Approach,
    to: LonLat,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let study = arguments.next().unwrap_or_else(|| root.join("examples/isle-of-man"));
    let picture = arguments.next().unwrap_or_else(|| root.join("docs/worst-links.svg"));
    let study = Study::open(&study, &NoProgress)?;
    let outcome = study.assess(&NoProgress)?;
    std::fs::write(picture, panels(&outcome)?)?;
    Ok(())
}

/// The longest legs, longest first; of equals the first by id.
fn worst(outcome: &Outcome<'_>) -> Vec<Leg> {
    let residents = outcome.study().residents();
    let homes = residents.ids().iter().zip(residents.positions()).zip(outcome.origins.as_slice());
    let homes = homes.filter_map(|((id, at), approach)| {
        Some(Leg {
            what: "home",
            id: id.clone(),
            at: (*at)?,
            approach: *approach,
            to: approach.link?.position,
        })
    });
    let doors = outcome.arrivals.iter().zip(outcome.doors.as_slice()).filter_map(|(door, approach)| {
        let id = outcome.study().facilities()[door.0].id.clone();
        Some(Leg { what: "door", id, at: door.1, approach: *approach, to: approach.link?.position })
    });
    let mut legs: Vec<Leg> = homes.chain(doors).collect();
    legs.sort_by(|a, b| {
        let length = |leg: &Leg| leg.approach.link.map(|link| link.off_street);
        length(b).cmp(&length(a)).then_with(|| a.id.cmp(&b.id))
    });
    legs.truncate(WORST);
    legs
}

fn panels(outcome: &Outcome<'_>) -> Result<String, std::fmt::Error> {
    let legs = worst(outcome);
    let rows = legs.len().div_ceil(COLUMNS);
    let place = |count: usize, size: f64| (0..count).fold(GAP, |at, _| at + size + GAP);
    let (width, height) = (place(COLUMNS, PANEL), TITLE + place(rows, PANEL + WORDS));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" font-family=\"sans-serif\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
         <text x=\"{GAP}\" y=\"26\" font-size=\"18\" fill=\"#222222\">{}: the {} longest legs off the street</text>\n\
         <text x=\"{GAP}\" y=\"41\" font-size=\"11\" fill=\"#666666\">red: the leg; grey: streets for walkers, pale: \
         streets that strangers may not walk; blue: water; dark: railways; {}</text>\n",
        outcome.study().name(),
        legs.len(),
        outcome.provenance.attribution.first().map_or("", String::as_str),
    );
    for (number, leg) in legs.iter().enumerate() {
        let (x, y) = (place(number % COLUMNS, PANEL), TITLE + place(number / COLUMNS, PANEL + WORDS));
        panel(outcome, leg, number + 1, (x, y), &mut svg)?;
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

fn panel(
    outcome: &Outcome<'_>,
    leg: &Leg,
    number: usize,
    (left, top): (f64, f64),
    svg: &mut String,
) -> std::fmt::Result {
    let Some(around) = BoundingBox::around([leg.at, leg.to]) else { return Ok(()) };
    let frame = LocalFrame::around(around.centre());
    // the leg takes about half of the panel
    let side = 2.0 * leg.at.metres_to(leg.to).max(20.0);
    let xy = |at: LonLat| {
        let at = frame.project(at);
        (at.x / side * PANEL + PANEL / 2.0, PANEL / 2.0 - at.y / side * PANEL)
    };
    let line = |points: &[LonLat], colour: &str, width: f64, svg: &mut String| -> std::fmt::Result {
        let points: Vec<(f64, f64)> = points.iter().map(|&at| xy(at)).collect();
        let beyond = |of: &dyn Fn(&(f64, f64)) -> bool| points.iter().all(of);
        if beyond(&|p| p.0 < 0.0)
            || beyond(&|p| p.0 > PANEL)
            || beyond(&|p| p.1 < 0.0)
            || beyond(&|p| p.1 > PANEL)
        {
            return Ok(());
        }
        write!(svg, "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" points=\"")?;
        // pieces far outside of the panel need no words
        for pair in points.windows(2) {
            let far = |p: &(f64, f64)| p.0.abs() > 4.0 * PANEL || p.1.abs() > 4.0 * PANEL;
            if !(far(&pair[0]) && far(&pair[1])) {
                write!(svg, "{:.0},{:.0} {:.0},{:.0} ", pair[0].0, pair[0].1, pair[1].0, pair[1].1)?;
            }
        }
        writeln!(svg, "\"/>")
    };
    writeln!(
        svg,
        "<svg x=\"{left}\" y=\"{top}\" width=\"{PANEL}\" height=\"{PANEL}\" viewBox=\"0 0 {PANEL} {PANEL}\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#f7f6f2\" stroke=\"#bbbbbb\"/>"
    )?;
    let walker = WalkProfile::standard();
    for barrier in outcome.study().barriers() {
        let colour = match barrier.kind {
            BarrierKind::Water => "#4a90c2",
            BarrierKind::Wall => "#8a5a2b",
            BarrierKind::Railway | BarrierKind::Motorway => "#555555",
        };
        line(&barrier.line, colour, 2.0, svg)?;
    }
    for segment in outcome.network.segments().filter(|segment| is_street(segment.tags())) {
        let colour = if walker.permits(segment.tags()) { "#808080" } else { "#e0b8a8" };
        line(segment.shape(), colour, 1.2, svg)?;
    }
    line(&[leg.at, leg.to], "#c7421f", 2.0, svg)?;
    let ((x, y), metres) =
        (xy(leg.at), leg.approach.link.map_or(0.0, |link| link.off_street.as_metres_f64()));
    writeln!(svg, "<circle cx=\"{x:.0}\" cy=\"{y:.0}\" r=\"3.5\" fill=\"#c7421f\"/>\n</svg>")?;
    let obstacle = leg.approach.obstacle.map_or_else(String::new, |obstacle| format!(" ({obstacle})"));
    let nearest = leg
        .approach
        .nearest
        .map_or_else(String::new, |nearest| format!("nearest street {:.0} m", nearest.as_metres_f64()));
    let words = [
        format!("{number}. {} {}", leg.what, leg.id),
        format!("{metres:.0} m, {}{obstacle}", leg.approach.standing),
        nearest,
    ];
    for (text, y) in words.iter().zip([13.0, 27.0, 41.0]) {
        let y = top + PANEL + y;
        writeln!(svg, "<text x=\"{left}\" y=\"{y}\" font-size=\"10\" fill=\"#333333\">{text}</text>")?;
    }
    Ok(())
}
