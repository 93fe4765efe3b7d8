//! From a row of `walkers` in `study.toml` to the profiles it stands for.

use lifecircle_network::{
    Beyond, Crossings, GradeLimits, MainRoad, Slope, Stairs, WalkProfile, Wheels, Winter, signal_wait,
};
use lifecircle_types::{Speed, TravelTime};

use crate::config::{
    BY_AGE, CrossingsConfig, CrossingsName, SlopeConfig, SlopeName, StairsConfig, WHEELCHAIR, WaitsConfig,
    WalkerConfig,
};

impl WalkerConfig {
    /// The walkers that this row stands for, or the key that is wrong and what is wrong with it.
    pub(crate) fn profiles(&self, has_elevation: bool) -> Result<Vec<WalkProfile>, (&'static str, String)> {
        let Self { key, metres_per_second, ages, .. } = self;
        let mut profiles = match metres_per_second {
            None if key == BY_AGE && ages.is_none() => WalkProfile::by_age(),
            None if key == WHEELCHAIR => vec![WalkProfile::wheelchair()],
            None => {
                let problem = format!(
                    "the walker `{key}` has no pace: write \"{BY_AGE}\", or give it metres_per_second, such as \
                     {{ key = \"older\", metres_per_second = 0.76, ages = \"age_65_plus\" }}"
                );
                return Err(("metres_per_second", problem));
            }
            Some(speed) => {
                let speed = Speed::try_from_metres_per_second(*speed)
                    .map_err(|error| ("metres_per_second", format!("the walker `{key}`: {error}")))?;
                vec![WalkProfile::new(key, speed)]
            }
        };
        for profile in &mut profiles {
            profile.ages = ages.or(profile.ages);
            self.apply(profile, has_elevation)?;
        }
        Ok(profiles)
    }

    fn apply(&self, profile: &mut WalkProfile, has_elevation: bool) -> Result<(), (&'static str, String)> {
        let wrong = |key, problem: &str| (key, format!("the walker `{}`: {problem}", self.key));
        if let Some(slope) = self.slope {
            profile.slope = match slope {
                SlopeConfig::Named(SlopeName::Ignored) => Slope::Ignored,
                SlopeConfig::Named(SlopeName::Tobler) => Slope::Tobler,
                SlopeConfig::Bounded(grades) => {
                    let grade = |percent: f64| permille(percent).ok_or("grades are 0 to 100 per cent");
                    Slope::Bounded(GradeLimits {
                        up_permille: grade(grades.up_percent).map_err(|problem| wrong("slope", problem))?,
                        down_permille: grade(grades.down_percent)
                            .map_err(|problem| wrong("slope", problem))?,
                        beyond: grades.beyond.map_or(Beyond::Impassable, Beyond::Percent),
                    })
                }
            };
            if profile.slope != Slope::Ignored && !has_elevation {
                return Err(wrong("slope", "slopes need heights: add elevation = \"dem.tif\" to the study"));
            }
        }
        match self.stairs {
            None => {}
            Some(StairsConfig::Use(stairs)) => profile.stairs = stairs,
            Some(StairsConfig::Percent(percent)) => {
                if percent < 100 {
                    return Err(wrong(
                        "stairs",
                        "stairs take 100 per cent of the time on the level, or more",
                    ));
                }
                (profile.stairs, profile.stairs_percent) = (Stairs::Allowed, percent);
            }
        }
        match self.crossings {
            None => {}
            Some(CrossingsConfig::Named(CrossingsName::None)) => profile.crossings = Crossings::NONE,
            Some(CrossingsConfig::Named(CrossingsName::Typical)) => profile.crossings = Crossings::typical(),
            Some(CrossingsConfig::Waits(waits)) => profile.crossings = waits.crossings(),
        }
        if let Some(wheels) = self.wheels {
            let mut rule = Wheels::default();
            if let Some(percent) = wheels.incline_percent {
                rule.incline_permille =
                    permille(percent).ok_or_else(|| wrong("wheels", "inclines are 0 to 100 per cent"))?;
            }
            if let Some(metres) = wheels.width_m {
                // a tenth of a per cent of ten metres is a centimetre
                let millimetres = (0.0..=60.0).contains(&metres).then(|| whole(metres * 1000.0)).flatten();
                rule.width_mm = millimetres.ok_or_else(|| wrong("wheels", "widths are 0 to 60 metres"))?;
            }
            profile.wheels = Some(rule);
        }
        if let Some(percent) = self.winter {
            if percent < 100 {
                return Err(wrong("winter", "a street in winter takes 100 per cent of its time, or more"));
            }
            profile.winter = Some(Winter { percent });
        }
        Ok(())
    }
}

impl WaitsConfig {
    fn crossings(self) -> Crossings {
        let seconds = |seconds: u16| TravelTime::from_secs(seconds.into());
        let main_road = match self.main_road_s {
            Some(wait) => MainRoad::Fixed(seconds(wait)),
            None => MainRoad::Gaps {
                vehicles_per_hour: self.vehicles_per_hour.unwrap_or(600),
                at_most: seconds(self.longest_gap_s.unwrap_or(40)),
            },
        };
        Crossings { signal: signal_wait(seconds(self.cycle_s), seconds(self.green_s)), main_road }
    }
}

fn permille(percent: f64) -> Option<u16> {
    (0.0..=100.0).contains(&percent).then(|| whole(percent * 10.0)).flatten()
}

/// The nearest whole number.
fn whole(number: f64) -> Option<u16> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked by the callers")]
    let whole = (0.0..=65_535.0).contains(&number).then(|| number.round() as u16);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<WalkerConfig, String> {
        toml::from_str(text).map_err(|error| error.message().to_string())
    }

    fn one(text: &str) -> WalkProfile {
        let config = read(&format!("key = 'w'\nmetres_per_second = 1.0\n{text}")).unwrap();
        config.profiles(true).unwrap().remove(0)
    }

    #[test]
    fn rules_are_data() {
        assert_eq!(one("slope = 'tobler'").slope, Slope::Tobler);
        let limits = GradeLimits { up_permille: 60, down_permille: 83, beyond: Beyond::Percent(250) };
        let bounded = one("slope = { up_percent = 6, down_percent = 8.3, beyond = 250 }").slope;
        assert_eq!(bounded, Slope::Bounded(limits));
        assert_eq!(one("stairs = 'impassable'").stairs, Stairs::Impassable);
        assert_eq!(one("stairs = 250").stairs_percent, 250);
        assert_eq!(one("crossings = 'typical'").crossings, Crossings::typical());
        assert_eq!(one("crossings = {}").crossings, Crossings::typical());
        let waits = one("crossings = { cycle_s = 120, green_s = 60, main_road_s = 12 }").crossings;
        assert_eq!(waits.signal, TravelTime::from_secs(15));
        assert_eq!(waits.main_road, MainRoad::Fixed(TravelTime::from_secs(12)));
        assert_eq!(one("wheels = { width_m = 0.8 }").wheels.unwrap().width_mm, 800);
        assert_eq!(one("winter = 130").winter, Some(Winter { percent: 130 }));
        // the walkers of the literature by rules of the study
        let by_age = read("key = 'by_age'\nslope = 'tobler'").unwrap().profiles(true).unwrap();
        assert!(by_age.len() == 6 && by_age.iter().all(|walker| walker.slope == Slope::Tobler));
        assert_eq!(read("key = 'wheelchair'").unwrap().profiles(false).unwrap(), [WalkProfile::wheelchair()]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let said = |text: &str| {
            let config = read(&format!("key = 'w'\nmetres_per_second = 1.0\n{text}"))?;
            config.profiles(false).map_err(|(key, problem)| format!("{key}: {problem}"))
        };
        for (text, expected) in [
            ("slope = 'tobbler'", "slope is \"ignored\", \"tobler\", or a table"),
            ("slope = 'tobler'", "slope: the walker `w`: slopes need heights"),
            ("slope = { up_percent = -1, down_percent = 2 }", "grades are 0 to 100 per cent"),
            ("stairs = 50", "100 per cent of the time on the level, or more"),
            ("crossings = { cycle = 90 }", "crossings are \"none\", \"typical\", or a table"),
            ("winter = 80", "100 per cent of its time, or more"),
            ("wheels = { width_m = 99 }", "widths are 0 to 60 metres"),
        ] {
            let problem = said(text).unwrap_err();
            assert!(problem.contains(expected), "{text}: {problem}");
        }
    }
}
