//! The part of `study.toml` that asks what barriers cost.

use serde::Deserialize;

#[cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]
use crate::severance::SeveranceSettings;
#[cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]
use lifecircle_types::Millimetres;

/// How severance is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SeveranceConfig {
    /// Whom a home is compared with: those at most so far as the crow flies; 800 m unless set.
    pub radius_m: Option<u32>,
    /// Those nearer than this are left out; 50 m unless set.
    pub near_m: Option<u32>,
    /// The walk within which somebody counts as reachable at all; 1000 m unless set.
    pub walk_m: Option<u32>,
    /// A walk of more than so many per cent of the straight line is a detour; 180 unless set.
    pub detour_percent: Option<u32>,
    /// A home whose detour index is above so many per cent is indirect; 150 unless set.
    pub indirect_percent: Option<u32>,
}

#[cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]
impl SeveranceConfig {
    /// The settings; a key with what is wrong with it where they cannot be used.
    pub(crate) fn settings(&self) -> Result<SeveranceSettings, (&'static str, &'static str)> {
        const FARTHEST_M: u32 = 5000;
        let mut settings = SeveranceSettings::default();
        let options = &mut settings.options;
        let lengths = [
            ("radius_m", self.radius_m, &mut options.radius),
            ("near_m", self.near_m, &mut options.near),
            ("walk_m", self.walk_m, &mut options.walk),
        ];
        for (key, metres, length) in lengths {
            let Some(metres) = metres else { continue };
            if metres > FARTHEST_M {
                return Err((key, "severance is of walks: write at most 5000 m"));
            }
            *length = Millimetres::from_metres(metres);
        }
        if options.near > options.radius {
            return Err((
                "near_m",
                "nobody lies between `near_m` and `radius_m`: write less than the radius",
            ));
        }
        let percents = [
            ("detour_percent", self.detour_percent, &mut options.detour_percent),
            ("indirect_percent", self.indirect_percent, &mut settings.indirect_percent),
        ];
        for (key, percent, limit) in percents {
            let Some(percent) = percent else { continue };
            if !(100..=1000).contains(&percent) {
                return Err((key, "no walk is shorter than the straight line: write 100 to 1000"));
            }
            *limit = percent;
        }
        Ok(settings)
    }
}
