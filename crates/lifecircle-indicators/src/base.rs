//! The right base for every norm: people of the right kind and age, or households, and never one for another.

use lifecircle_taxonomy::{Base, Norm};
use lifecircle_types::{AgeBand, DemandSet, Group, People, ResidenceStatus, UnitIx, UnitSet, ZoneType};

/// How large the base of a norm is in a unit: people or households, before `per` divides them.
///
/// Residents are counted from the places inside the unit; registered people and permit holders from the groups that say
/// so; people of an age from a group of that age, or from groups that part it without gap or overlap. Residents of towns
/// are those in units of urban or new-city zones. Households are those the unit states.
///
/// `None` is "no data": the groups or households are not stated, or the norm is per site, class, unit, floor or whole and
/// has no base of people. A missing figure never becomes another base.
///
/// ```
/// # use lifecircle_indicators::base_of;
/// # use lifecircle_taxonomy::Pack;
/// # use lifecircle_types::{DemandSet, Group, People, Placement, ResidentPlace, Unit, UnitKind, UnitSet};
/// # let place = ResidentPlace { id: "a".into(), position: None, people: People::whole(1000), unit: None,
/// #     placement: Placement::Given, groups: vec![People::whole(150)] };
/// let residents = DemandSet::new(vec![place], vec![Group::from_column("registered_age_60_plus").unwrap()])?;
/// let units = UnitSet::new(vec![Unit::new("d", UnitKind::District)])?;
/// let district = units.find("d").unwrap();
/// let shanghai = Pack::builtin("cn-shanghai")?;
/// let norm = |key: &str| shanghai.norms().iter().find(|norm| norm.key == key).unwrap();
/// let base = |key| base_of(norm(key), &residents, &[Some(district)], &units, district);
/// assert_eq!(base("care_beds_ratio_core"), Some(150.0), "registered people of 60 and over");
/// assert_eq!(base("childcare_places"), Some(1000.0), "everyone who lives there");
/// assert_eq!(base("community_service_area"), None, "the district does not state its households");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Panics
/// When `homes` are not one per resident place.
#[must_use]
pub fn base_of(
    norm: &Norm,
    residents: &DemandSet,
    homes: &[Option<UnitIx>],
    units: &UnitSet,
    unit: UnitIx,
) -> Option<f64> {
    assert_eq!(homes.len(), residents.len(), "one home per resident place");
    let inside =
        |place: usize| homes[place].is_some_and(|home| units.lineage(home).any(|around| around == unit));
    let sum = |column: &[People], keep: &dyn Fn(usize) -> bool| -> People {
        column
            .iter()
            .enumerate()
            .filter(|(place, _)| inside(*place) && keep(*place))
            .map(|(_, people)| *people)
            .sum()
    };
    let everywhere = |_: usize| true;
    let of_status = |status| {
        let columns = columns(residents, status, norm.ages)?;
        Some(columns.into_iter().map(|column| sum(column, &everywhere)).sum::<People>().as_f64())
    };
    match norm.base {
        Base::Residents => of_status(None),
        Base::Registered => of_status(Some(ResidenceStatus::Registered)),
        Base::PermitHolders => of_status(Some(ResidenceStatus::PermitHolder)),
        Base::UrbanResidents => {
            let zone = |place: usize| homes[place].and_then(|home| units.zone(home));
            let is_town = |place: usize| matches!(zone(place), Some(ZoneType::Urban | ZoneType::NewCity));
            let stated =
                (0..residents.len()).filter(|&place| inside(place)).all(|place| zone(place).is_some());
            let columns = columns(residents, None, norm.ages).filter(|_| stated)?;
            Some(columns.into_iter().map(|column| sum(column, &is_town)).sum::<People>().as_f64())
        }
        #[expect(clippy::cast_precision_loss, reason = "households are far below 2^52")]
        Base::Households => units[unit].households.map(|households| households as f64),
        Base::Site | Base::Class | Base::Unit | Base::Whole | Base::BuildingFloorArea => None,
    }
}

/// Columns that together hold everyone of a status and an age, each once.
pub(crate) fn columns(
    residents: &DemandSet,
    status: Option<ResidenceStatus>,
    ages: Option<AgeBand>,
) -> Option<Vec<&[People]>> {
    let groups = residents.groups();
    let Some(wanted) = ages else {
        return match status {
            None => Some(vec![residents.people()]),
            Some(_) => {
                let all = |group: &Group| group.status == status && group.age.is_none() && is_plain(group);
                Some(vec![groups.iter().find(|(group, _)| all(group))?.1])
            }
        };
    };
    let mut bands: Vec<(AgeBand, &[People])> = groups
        .iter()
        .filter(|(group, _)| group.status == status && is_plain(group))
        .filter_map(|(group, people)| Some((group.age?, people)))
        .filter(|(band, _)| band.from >= wanted.from && end(*band) <= end(wanted))
        .collect();
    bands.sort_by_key(|(band, _)| (band.from, core::cmp::Reverse(end(*band))));
    part(&bands, u16::from(wanted.from), end(wanted))
}

/// Bands that follow one another from `from` to `to`, the widest first.
fn part<'a>(bands: &[(AgeBand, &'a [People])], from: u16, to: u16) -> Option<Vec<&'a [People]>> {
    if from > to {
        return Some(vec![]);
    }
    bands.iter().filter(|(band, _)| u16::from(band.from) == from).find_map(|(band, people)| {
        let mut rest = part(bands, end(*band) + 1, to)?;
        rest.push(people);
        Some(rest)
    })
}

/// Last age of a band; one without an end goes on for ever.
fn end(band: AgeBand) -> u16 {
    band.to.map_or(u16::from(u8::MAX) + 1, u16::from)
}

fn is_plain(group: &Group) -> bool {
    group.sex.is_none() && group.vulnerability.is_none()
}

#[cfg(test)]
mod tests {
    use lifecircle_taxonomy::Pack;
    use lifecircle_types::{Placement, ResidentPlace, Unit, UnitKind};

    use super::*;

    fn norm(base: &str, ages: &str) -> Norm {
        let ages = if ages.is_empty() { String::new() } else { format!("ages = '{ages}'\n") };
        let text = format!(
            "key = 'p'\ntitle = 'P'\n[[norm]]\nkey = 'n'\nservices = ['elderly_home']\nmeasure = 'capacity'\n\
             at_least = 3\nper = 100\nbase = '{base}'\n{ages}confidence = 'derived'\nsource = 's'\n"
        );
        Pack::from_toml("p.toml", &text).unwrap().norms()[0].clone()
    }

    /// Two places of 100 people, in town and in the country; 30 and 20 are 60 or over, 10 and 4 of them 80 or over.
    fn county() -> (DemandSet, UnitSet) {
        let names = ["age_60_79", "age_80_plus", "registered", "female_age_80_plus"];
        let groups = names.map(|name| Group::from_column(name).unwrap());
        let place = |id: &str, people: [u64; 4]| ResidentPlace {
            id: id.into(),
            position: None,
            people: People::whole(100),
            unit: Some(id.into()),
            placement: Placement::Given,
            groups: people.map(People::whole).into(),
        };
        let unit = |code: &str, kind, zone| {
            let mut unit = Unit::new(code, kind);
            unit.zone = zone;
            unit.parent = (kind == UnitKind::Community).then(|| "county".into());
            unit
        };
        let units = vec![
            unit("county", UnitKind::District, None),
            unit("town", UnitKind::Community, Some(ZoneType::Urban)),
            unit("village", UnitKind::Community, Some(ZoneType::Rural)),
        ];
        let places = vec![place("town", [20, 10, 90, 7]), place("village", [16, 4, 95, 2])];
        (DemandSet::new(places, groups.into()).unwrap(), UnitSet::new(units).unwrap())
    }

    #[test]
    fn every_base_counts_its_own_people() {
        let (residents, mut units) = county();
        let homes = [units.find("town"), units.find("village")];
        let county = units.find("county").unwrap();
        let base = |name: &str, ages: &str| base_of(&norm(name, ages), &residents, &homes, &units, county);
        assert_eq!(base("residents", ""), Some(200.0));
        assert_eq!(base("residents", "age_60_plus"), Some(50.0), "two bands part it");
        assert_eq!(base("residents", "age_80_plus"), Some(14.0), "women of 80 are not counted again");
        assert_eq!(base("residents", "age_65_plus"), None, "no band begins at 65");
        assert_eq!(base("registered", ""), Some(185.0));
        assert_eq!(base("registered", "age_60_plus"), None, "nobody counted the registered by age");
        assert_eq!(base("permit_holders", ""), None);
        assert_eq!(base("urban_residents", ""), Some(100.0));
        assert_eq!(base("households", ""), None);
        assert_eq!(base("site", ""), None);
        let town = units.find("town").unwrap();
        assert_eq!(base_of(&norm("residents", "age_60_79"), &residents, &homes, &units, town), Some(20.0));
        let mut list = units.as_slice().to_vec();
        list[0].households = Some(75);
        units = UnitSet::new(list).unwrap();
        assert_eq!(base_of(&norm("households", ""), &residents, &homes, &units, county), Some(75.0));
    }
}
