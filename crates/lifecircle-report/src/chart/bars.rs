//! Bars from 0 to 1, one below the other.

use maud::{Markup, html};

use crate::number::{percent, plain};

/// A bar.
#[derive(Debug)]
pub(crate) struct Bar {
    pub(crate) label: String,
    pub(crate) length: f64,
    /// A line across the bar.
    pub(crate) mark: f64,
    /// What it says when pointed at.
    pub(crate) note: String,
}

const WIDTH: f64 = 720.0;
const LABEL: f64 = 220.0;
const FIGURE: f64 = 80.0;
const STEP: f64 = 26.0;

/// A chart of `bars` with a title for those who do not see it.
pub(crate) fn bars(title: &str, bars: &[Bar]) -> Markup {
    #[expect(clippy::cast_precision_loss, reason = "a number of bars")]
    let top = |row: usize| row as f64 * STEP;
    let height = top(bars.len()) + 22.0;
    let scale = WIDTH - LABEL - FIGURE;
    let x = |share: f64| plain(LABEL + scale * share.clamp(0.0, 1.0));
    html! {
        svg.chart viewBox={"0 0 " (plain(WIDTH)) " " (plain(height))} role="img" aria-label=(title) {
            @for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
                line.grid x1=(x(share)) x2=(x(share)) y1="0" y2=(plain(height - 20.0)) {}
                text.tick x=(x(share)) y=(plain(height - 4.0)) text-anchor="middle" { (percent(share)) }
            }
            @for (row, bar) in bars.iter().enumerate() {
                g {
                    title { (bar.note) }
                    text x=(plain(LABEL - 8.0)) y=(plain(top(row) + 17.0)) text-anchor="end" { (bar.label) }
                    rect.is x=(x(0.0)) y=(plain(top(row) + 4.0)) height="18" width=(plain(scale * bar.length.clamp(0.0, 1.0))) {}
                    line.mark x1=(x(bar.mark)) x2=(x(bar.mark)) y1=(plain(top(row) + 1.0)) y2=(plain(top(row) + 25.0)) {}
                    text.figure x=(plain(WIDTH - FIGURE + 8.0)) y=(plain(top(row) + 17.0)) { (percent(bar.length)) }
                }
            }
        }
    }
}
