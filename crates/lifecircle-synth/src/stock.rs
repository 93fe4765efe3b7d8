//! Vacant stock: rooms and sites that stand empty and could take a service.

use lifecircle_types::LonLat;

use crate::draws::{Draws, Purpose, count};
use crate::facilities::Spots;
use crate::plan::Land;

lifecircle_types::word_enum! {
    /// What stands empty.
    SpaceKind, "kind of space" {
        /// A shop along a street.
        Shop = "shop",
        /// An office or a floor of one.
        Office = "office",
        /// A works or hall of industry.
        Factory = "factory",
        /// A storehouse.
        Warehouse = "warehouse",
        /// A school that moved out.
        School = "school",
    }
}

lifecircle_types::word_enum! {
    /// Who owns it.
    Owner, "owner" {
        /// The city or a district.
        Government = "government",
        /// An enterprise of the state.
        StateEnterprise = "state_enterprise",
        /// A village or other collective.
        Collective = "collective",
        /// The developer of the estate.
        Developer = "developer",
        /// Somebody else.
        Private = "private",
    }
}

/// A space that stands empty.
#[derive(Clone, Debug, PartialEq)]
pub struct VacantSpace {
    /// Id, unique in the city.
    pub id: String,
    /// Code of its community, or of its block where nobody lives around it.
    pub unit: String,
    /// Where its door is.
    pub position: LonLat,
    /// What it is.
    pub kind: SpaceKind,
    /// Floor in square metres.
    pub floor_area_m2: f64,
    /// Storeys above the ground, 0 for the ground floor.
    pub floor: u8,
    /// Who owns it.
    pub owner: Owner,
    /// Rent a month for a square metre, in yuan.
    pub rent_per_m2: f64,
    /// Year in which it fell vacant.
    pub since: u16,
}

/// Spaces of the whole city, cell by cell.
pub(crate) fn vacancies(spots: &Spots<'_>) -> Vec<VacantSpace> {
    let plan = spots.plan;
    let mut spaces = Vec::new();
    for (at, cell) in plan.cells.iter().enumerate() {
        let mut chance = Draws::new(plan.options.seed, Purpose::Stock, at);
        let (low, high) = match cell.land {
            Land::OldTown | Land::Industry => (1.0, 6.0),
            Land::Estates | Land::Offices => (0.0, 4.0),
            Land::NewTown | Land::Village => (0.0, 3.0),
            Land::Park | Land::Water | Land::Track => continue,
        };
        let unit = cell.code.as_ref().unwrap_or(&plan.blocks[cell.lies_in[0]].code);
        for number in 1..=count(chance.between(low, high)) {
            let x = chance.unit();
            let kind = match cell.land {
                Land::Industry if x < 0.7 => SpaceKind::Factory,
                Land::Industry => SpaceKind::Warehouse,
                Land::Offices if x < 0.7 => SpaceKind::Office,
                Land::OldTown | Land::Village if x < 0.1 => SpaceKind::School,
                _ if x < 0.75 => SpaceKind::Shop,
                _ => SpaceKind::Office,
            };
            let (small, large, rent) = match kind {
                SpaceKind::Shop => (40.0, 400.0, 70.0),
                SpaceKind::Office => (120.0, 1500.0, 45.0),
                SpaceKind::Factory => (800.0, 8000.0, 15.0),
                SpaceKind::Warehouse => (500.0, 5000.0, 12.0),
                SpaceKind::School => (1200.0, 5000.0, 20.0),
            };
            let share = chance.unit() * chance.unit();
            let owner = match kind {
                SpaceKind::School => Owner::Government,
                SpaceKind::Factory | SpaceKind::Warehouse => chance.pick(&[
                    Owner::StateEnterprise,
                    Owner::StateEnterprise,
                    Owner::Collective,
                    Owner::Private,
                ]),
                SpaceKind::Shop | SpaceKind::Office => chance.pick(Owner::ALL),
            };
            let floor = if kind == SpaceKind::Office { chance.row(12) } else { 0 };
            spaces.push(VacantSpace {
                id: format!("{unit}-v{at}-{number}"),
                unit: unit.clone(),
                position: plan.position(spots.front(at, &mut chance)),
                kind,
                floor_area_m2: libm::round(small + share * (large - small)),
                floor: u8::try_from(floor).unwrap_or(0),
                owner,
                rent_per_m2: libm::round(rent * (1.3 - 0.6 * cell.remoteness) * chance.between(0.8, 1.2)),
                since: plan.options.year - u16::try_from(chance.row(8)).unwrap_or(0),
            });
        }
    }
    spaces
}
