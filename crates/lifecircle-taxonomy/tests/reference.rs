//! The catalogue holds every service of the reference list, with the facts that the list states.

use std::collections::BTreeMap;

use lifecircle_taxonomy::{Audience, Catalogue};
use lifecircle_types::{AgeBand, Date};

const TEST: &str = "catalogue against the reference list";

/// `0-3` in the list is "under three", `2-3` the third year of life, working ages hold both ends, `60+` is "from sixty on".
fn audience(word: &str) -> Audience {
    let years = |text: &str| text.parse::<u8>().ok();
    let band = match word.split_once('-') {
        _ if word == "2-3" => Some(AgeBand { from: 2, to: Some(2) }),
        Some((from, "59")) => years(from).map(|from| AgeBand { from, to: Some(59) }),
        Some((from, to)) => years(from).zip(years(to)).map(|(from, to)| AgeBand { from, to: Some(to - 1) }),
        None => word.strip_suffix('+').and_then(years).map(|from| AgeBand { from, to: None }),
    };
    match band {
        Some(ages) => Audience::Ages(ages),
        None if word == "all" => Audience::Everyone,
        None => Audience::Condition(word.into()),
    }
}

#[test]
fn every_service_of_the_reference_list_is_there() {
    let Some(path) = lifecircle_testkit::oracle::file(TEST, "standards/catalogue.csv") else { return };
    let catalogue = Catalogue::builtin();
    let day: Date = "2025-06-30".parse().unwrap();
    let mut reader = csv::Reader::from_path(path).unwrap();
    let mut compared = 0;
    for row in reader.deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        let cell = |name: &str| row[name].as_str();
        let key = cell("id").parse().unwrap();
        let service = catalogue.service(&key).unwrap_or_else(|| panic!("{key} is missing"));
        assert_eq!(service.domain, cell("domain"), "{key}");
        let domain = catalogue.domains().iter().find(|domain| domain.key == service.domain).unwrap();
        assert_eq!(domain.zh, cell("domain_zh"), "{key}");
        assert_eq!(service.frequency.as_str(), cell("frequency"), "{key}");
        assert_eq!(service.capacity_unit, cell("capacity_unit"), "{key}");
        let tier = catalogue.tier(&key, day, "CN-23-01").unwrap();
        assert_eq!(tier.as_str(), cell("tier"), "{key}");
        for word in cell("target_groups").split(';') {
            assert!(service.groups.contains(&audience(word)), "{key}: {word}");
        }
        let level = match cell("circle_level") {
            "5min" => "circle_5",
            "10min" => "circle_10",
            "15min" => "circle_15",
            "medical_circle" => "region",
            "home" | "mobile" | "online" => "none",
            same => same,
        };
        assert_eq!(service.circle.as_str(), level, "{key}");
        let ways = service.delivery.iter().map(|way| way.as_str()).collect::<Vec<_>>();
        let way = match cell("delivery_mode") {
            "production" => "supply",
            "visiting" => "mobile",
            same => same,
        };
        assert!(ways.contains(&way), "{key}: {way}");
        compared += 8;
    }
    assert_eq!(compared, 108 * 8);
    lifecircle_testkit::oracle::compared(TEST, compared);
}
