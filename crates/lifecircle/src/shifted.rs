//! Positions that look like China's shifted ones: a suspicion, told and never acted on.
//!
//! Homes and services stand along streets. Where positions of a source lie clearly nearer to streets once they are
//! read as GCJ-02 or BD-09, the source is likely one of the map services that hand those out.

use lifecircle_io::Crs;
use lifecircle_network::Linker;
use lifecircle_types::{Issues, LonLat, Millimetres, Severity, reduce};

/// Positions that are looked at, evenly taken from all.
const SAMPLE: usize = 1000;
/// Fewer positions than this say nothing.
const LEAST: usize = 10;
/// The mean way to the street shrinks at least to this share, and by this many metres.
const CLEARLY: f64 = 0.6;
const CLEARLY_M: f64 = 10.0;

/// Warns when `points` of the source `name` look shifted. `farthest` stands for a point without a street.
pub(crate) fn suspect(
    linker: &Linker<'_>,
    name: &str,
    points: &[LonLat],
    farthest: Millimetres,
    issues: &mut Issues,
) {
    let step = points.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<LonLat> = points.iter().copied().step_by(step).collect();
    let read_as = |crs: Crs| sample.iter().map(|at| crs.position(at.lon(), at.lat())).collect::<Vec<_>>();
    let as_given = read_as(Crs::WGS84);
    // outside China the shift is none
    if sample.len() < LEAST || read_as(Crs::GCJ02) == as_given {
        return;
    }
    let mean_m = |points: &[Option<LonLat>]| {
        let links = linker.link(points);
        let metres = links.links().map(|link| link.map_or(farthest, |link| link.off_street).as_metres_f64());
        #[expect(clippy::cast_precision_loss, reason = "at most a thousand")]
        let count = points.len() as f64;
        reduce::sum(metres) / count
    };
    let given = mean_m(&as_given);
    let readings = [Crs::GCJ02, Crs::BD09].map(|crs| (mean_m(&read_as(crs)), crs));
    let (shifted, crs) = if readings[1].0 < readings[0].0 { readings[1] } else { readings[0] };
    if shifted <= CLEARLY * given && given - shifted >= CLEARLY_M {
        issues.push(
            Severity::Warning,
            format!("positions look like {crs}"),
            name,
            format!(
                "they lie {given:.0} m from the nearest street on average, and {shifted:.0} m if read as {crs}; they were \
                 taken as given, write crs = \"{crs}\" if their source says so"
            ),
        );
    }
}
