//! How far coverages could be off, on the terminal.

use lifecircle::Outcome;

use crate::summary::{percent, table, title};

/// From this share of draws on a verdict is said to hang on what is not known.
const OFTEN: f64 = 0.1;

/// The bands of all residents, and how many units' verdicts hang on what is drawn; where the study asks for it.
pub(crate) fn bands(outcome: &Outcome<'_>) -> String {
    let Some(bands) = outcome.bands.as_ref().filter(|bands| !bands.services.is_empty()) else {
        return String::new();
    };
    let mut table =
        table(&["How far it could be off", "covered", "from", "to", "target", "verdicts that turn"]);
    for one in &bands.services {
        let [low, high] = [0, 2].map(|at| percent(one.bands.all.shares.map(|shares| shares[at])));
        let units = one.bands.units.iter().filter(|(unit, band)| unit.is_some() && band.draws > 0);
        let often = units.clone().filter(|(_, band)| band.flip_share().is_some_and(|share| share >= OFTEN));
        let turns = format!("{} of {} units", often.count(), units.count());
        let service = title(outcome, &one.service).to_string();
        table.add_row(vec![
            service,
            percent(one.bands.all.estimate.share()),
            low,
            high,
            percent(Some(one.target)),
            turns,
        ]);
    }
    let over = &bands.options;
    let residents = if over.redrawn { "residents drawn anew" } else { "residents as counted" };
    format!(
        "{table}\nfrom-to: {} of {} draws over paces of {} to {}, ends of walks of up to {} and {residents}; a verdict \
         turns where it is another in {} of them",
        percent(Some(over.level)),
        over.draws,
        percent(Some(over.pace.0)),
        percent(Some(over.pace.1)),
        over.ends,
        percent(Some(OFTEN)),
    )
}
