//! How well the tag rules recognise places: 200 places of the Isle of Man, drawn at random (half from all places but
//! street furniture, half one from each of a hundred random values of tags) and labelled by hand by someone who had not
//! seen the rules, with what is known of the place beyond its tags.
//!
//! An offer is right when the label has its service, or its family with an unknown level (`?parks`). Umbrella services
//! follow from levels and are not labelled. The table is a golden file; `UPDATE_GOLDEN=1` rewrites it.
//! The places are © OpenStreetMap contributors, `ODbL` 1.0.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use lifecircle_taxonomy::Catalogue;
use lifecircle_types::{Certainty, Shape, TagClassifier, Tags};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/labelled_places.txt");

#[derive(Default)]
struct Score {
    right: usize,
    offered: usize,
    found: usize,
    labelled: usize,
}

impl Score {
    fn line(&self, name: &str) -> String {
        #[expect(clippy::cast_precision_loss, reason = "at most 200 places")]
        let percent = |part: usize, all: usize| {
            if all == 0 { "-".to_owned() } else { format!("{:.1} %", 100.0 * part as f64 / all as f64) }
        };
        format!(
            "{name}: precision {} ({} of {}), recall {} ({} of {})\n",
            percent(self.right, self.offered),
            self.right,
            self.offered,
            percent(self.found, self.labelled),
            self.found,
            self.labelled
        )
    }
}

#[test]
fn precision_and_recall_on_places_labelled_by_hand() {
    let catalogue = Catalogue::builtin();
    let mut reader = csv::Reader::from_reader(include_str!("labelled_places.csv").as_bytes());
    let (mut known, mut any) = (Score::default(), Score::default());
    let mut slips = String::new();
    let mut places = 0;
    for row in reader.deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        let tags: BTreeMap<String, String> = serde_json::from_str(&row["tags"]).unwrap();
        let tags = Tags::new(tags);
        let offers = catalogue.classify(&tags, Shape { area_m2: row["area_m2"].parse().ok() });
        let labels: BTreeSet<&str> = row["services"].split(';').filter(|label| !label.is_empty()).collect();
        let is_labelled = |service: &str, family: Option<&str>| {
            labels.contains(service)
                || family.is_some_and(|family| labels.contains(format!("?{family}").as_str()))
        };
        let family_of =
            |service: &str| catalogue.family(&service.parse().unwrap()).map(|family| family.key.as_str());
        for offer in &offers {
            let service = offer.service.as_str();
            let right = is_labelled(service, family_of(service))
                || (offer.certainty == Certainty::LevelUnknown
                    && labels
                        .iter()
                        .any(|label| !label.starts_with('?') && family_of(label) == family_of(service)));
            any.offered += 1;
            any.right += usize::from(right);
            if offer.certainty == Certainty::Known {
                known.offered += 1;
                known.right += usize::from(right);
            }
            if !right {
                let _ = writeln!(
                    slips,
                    "{} offers {service} ({}): {}",
                    row["id"], offer.certainty, row["reason"]
                );
            }
        }
        for label in &labels {
            let hit = |certain: bool| {
                offers.iter().filter(|offer| !certain || offer.certainty == Certainty::Known).any(|offer| {
                    let service = offer.service.as_str();
                    service == *label
                        || label.strip_prefix('?').is_some_and(|family| family_of(service) == Some(family))
                        || (offer.certainty == Certainty::LevelUnknown
                            && !label.starts_with('?')
                            && family_of(service).is_some()
                            && family_of(service) == family_of(label))
                })
            };
            known.labelled += 1;
            any.labelled += 1;
            known.found += usize::from(hit(true));
            any.found += usize::from(hit(false));
            if !hit(false) {
                let _ = writeln!(slips, "{} lacks {label}: {}", row["id"], row["reason"]);
            }
        }
        places += 1;
    }
    assert_eq!(places, 200);
    let table = format!("{}{}\n{slips}", known.line("offers that are certain"), any.line("all offers"));
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|update| update == "1") {
        std::fs::write(GOLDEN, &table).unwrap();
    }
    assert_eq!(table, std::fs::read_to_string(GOLDEN).unwrap(), "UPDATE_GOLDEN=1 rewrites {GOLDEN}");
}
