//! Progress on the terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use lifecircle::types::{Cancelled, Progress};

/// One line on standard error that names the step at hand; nothing where there is no terminal.
pub(crate) struct Bars(ProgressBar);

impl Bars {
    pub(crate) fn new(quiet: bool) -> Self {
        let target =
            if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr_with_hz(10) };
        let style = ProgressStyle::with_template("{elapsed:>4} {wide_msg} {pos}/{len}");
        let bar = ProgressBar::with_draw_target(Some(0), target);
        Self(match style {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        })
    }
}

impl Progress for Bars {
    fn advance(&self, step: &str, done: u64, total: u64) -> Result<(), Cancelled> {
        if self.0.message() != step {
            self.0.set_message(step.to_string());
        }
        self.0.set_length(total);
        self.0.set_position(done);
        Ok(())
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
