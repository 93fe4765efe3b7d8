//! Clause by clause.

use lifecircle_taxonomy::{
    Amount, Base, Catalogue, Confidence, Delivery, Goal, Measure, Norm, Pack, PackRule, Requirement,
};
use lifecircle_types::{AgeBand, Date, Rule, ServiceKey};

use super::{Clause, Gate, Plan, PlanCheck, PlannedFacility, Verdict};
use crate::assessment::Attainment;
use crate::between::Between;
use crate::indicator::{AppliedNorm, counts_as, site_faults, site_measure};
use crate::rules::{AppliedRule, applied_rules, override_by};

/// Checks a plan against the norms and rules of packs on a day.
///
/// A norm per base asks for `amount · base / per` of its measure, whole sites rounded down: a plan too small for one need
/// not have it. A norm per site asks every site of its services; a norm per unit asks the plan if it makes such a unit. A
/// rule asks for the longest walk or straight line from any dwelling to a facility of the service, inside or outside. What
/// is asked of larger units, other levels or other cases, of sites in use, or of services that need no site, is not asked,
/// and listed as such.
///
/// A service that a plan does not name, inside or outside, counts as absent. The gate is refused by a clause that is missed for certain by a figure that somebody has confirmed, of a rule one that
/// must be kept; it stays open for what is not stated, for figures that are recalled alone, and where nothing was asked.
#[must_use]
pub fn check_plan(plan: &Plan, packs: &[Pack], catalogue: &Catalogue, day: Date) -> PlanCheck {
    let checker = Checker { plan, catalogue };
    let mut clauses: Vec<Clause> =
        norms_of(plan, packs, day).iter().map(|applied| checker.norm(applied)).collect();
    clauses.extend(applied_rules(packs, day).iter().map(|applied| checker.rule(applied)));
    let binds = |clause: &&Clause| clause.requirement.is_none_or(|asked| asked == Requirement::Must);
    let asked = || clauses.iter().filter(binds);
    let is_sure = |clause: &Clause| clause.confidence != Confidence::Memory;
    let gate = if asked().any(|clause| clause.verdict == Verdict::Refuse && is_sure(clause)) {
        Gate::Refused
    } else if asked().any(|clause| matches!(clause.verdict, Verdict::Refuse | Verdict::Unstated))
        || asked().all(|clause| clause.verdict == Verdict::NotAsked)
    {
        Gate::Open
    } else {
        Gate::Passed
    };
    PlanCheck { name: plan.name.clone(), stage: plan.stage, gate, clauses }
}

/// The norms of packs that hold on a day, by key, that of a later pack before that of an earlier. Norms of other cases
/// take the place of none: they are listed where nothing else has their key.
fn norms_of(plan: &Plan, packs: &[Pack], day: Date) -> Vec<AppliedNorm> {
    let mut norms: Vec<AppliedNorm> = Vec::new();
    for pack in packs {
        for norm in pack.norms().iter().filter(|norm| norm.validity.holds(day)) {
            let is_known = norms.binary_search_by(|known| known.norm.key.cmp(&norm.key)).is_ok();
            if is_of_case(plan, norm) || !is_known {
                let applied = AppliedNorm { pack: pack.key.clone(), norm: norm.clone() };
                override_by(&mut norms, applied, |known| &known.norm.key);
            }
        }
    }
    norms
}

/// Whether a norm holds in every case, or in one of the plan's; a kind of place is a case.
fn is_of_case(plan: &Plan, norm: &Norm) -> bool {
    norm.case.as_ref().is_none_or(|case| {
        plan.cases.contains(case) || plan.zone.is_some_and(|zone| zone.as_str() == case.as_str())
    })
}

struct Checker<'a> {
    plan: &'a Plan,
    catalogue: &'a Catalogue,
}

/// How a plan stands, and why.
struct Finding {
    verdict: Verdict,
    needs: Option<f64>,
    has: Option<f64>,
    reason: Option<String>,
}

impl Finding {
    fn not_asked(reason: impl Into<String>) -> Self {
        Self { verdict: Verdict::NotAsked, needs: None, has: None, reason: Some(reason.into()) }
    }

    fn unstated(reason: impl Into<String>) -> Self {
        Self { verdict: Verdict::Unstated, needs: None, has: None, reason: Some(reason.into()) }
    }
}

impl Checker<'_> {
    fn norm(&self, applied: &AppliedNorm) -> Clause {
        let norm = &applied.norm;
        let found = self.find(applied);
        Clause {
            key: norm.key.clone(),
            pack: applied.pack.clone(),
            asks: asks(norm),
            verdict: found.verdict,
            needs: found.needs,
            has: found.has,
            reason: found.reason,
            requirement: None,
            confidence: norm.backing.confidence,
            source: norm.backing.source.clone(),
        }
    }

    fn find(&self, applied: &AppliedNorm) -> Finding {
        let norm = &applied.norm;
        let plan = self.plan;
        if let Some(case) = norm.case.as_ref().filter(|_| !is_of_case(plan, norm)) {
            return Finding::not_asked(format!("it holds in the case `{case}`"));
        }
        if let Some(level) = norm.level.as_ref().filter(|level| !plan.levels.contains(*level)) {
            return Finding::not_asked(format!("it is asked of the level `{level}`"));
        }
        if let Some(kind) = norm.counted_over.filter(|kind| *kind > plan.unit) {
            return Finding::not_asked(format!("it is asked of a whole {kind}"));
        }
        if norm.services.is_empty() {
            let what = norm.what.as_deref().unwrap_or("it");
            return Finding::not_asked(format!("{what} is not counted by services"));
        }
        if matches!(norm.measure, Measure::Hours | Measure::Users | Measure::YearlyCost | Measure::Staff) {
            return Finding::not_asked("it is asked of sites in use");
        }
        if !norm.services.iter().any(|service| self.needs_site(service)) {
            return Finding::not_asked("it needs no site");
        }
        match norm.base {
            Base::Site => self.per_site(applied),
            Base::Whole => self.share(norm),
            Base::Class => Finding::not_asked("plans do not state classes"),
            Base::Registered | Base::PermitHolders => Finding::not_asked(format!(
                "nobody knows the {} of a plan yet",
                norm.base.as_str().replace('_', " ")
            )),
            Base::Unit if norm.counted_over != Some(plan.unit) => {
                Finding::not_asked("it is asked of units inside the plan, which it does not tell apart")
            }
            Base::Unit => self.amount(norm, 1.0),
            Base::Residents | Base::UrbanResidents => match self.people(norm.ages) {
                Some(people) => self.amount(norm, people),
                None => Finding::unstated(norm.ages.map_or_else(
                    || "the plan does not state its people".to_owned(),
                    |ages| format!("the plan does not state its people of {ages}"),
                )),
            },
            Base::Households => match plan.dwellings {
                Some(dwellings) => self.amount(norm, dwellings),
                None => Finding::unstated("the plan does not state its dwellings"),
            },
            Base::BuildingFloorArea => match plan.building_floor_area_m2 {
                Some(area) => self.amount(norm, area),
                None => Finding::unstated("the plan does not state the floor area of its buildings"),
            },
        }
    }

    fn needs_site(&self, service: &ServiceKey) -> bool {
        self.catalogue.service(service).is_none_or(|record| record.delivery.contains(&Delivery::Site))
    }

    /// People of an age: as stated for it, or summed over ages inside that leave no gap.
    fn people(&self, ages: Option<AgeBand>) -> Option<f64> {
        let Some(wanted) = ages else {
            return self.plan.people;
        };
        let end = |band: AgeBand| band.to.map_or(u16::from(u8::MAX), u16::from);
        let mut next = u16::from(wanted.from);
        let mut sum = 0.0;
        while next <= end(wanted) {
            let inside = |band: &AgeBand| u16::from(band.from) == next && end(*band) <= end(wanted);
            let (band, people) = self.plan.ages.iter().rev().find(|(band, _)| inside(band))?;
            sum += people;
            next = end(*band) + 1;
        }
        Some(sum)
    }

    /// The plan's own sites of any of `services`.
    fn sites(&self, services: &[ServiceKey]) -> Vec<&PlannedFacility> {
        let offers = |site: &&PlannedFacility| {
            site.facility.offers.iter().any(|offer| {
                services.iter().any(|service| counts_as(self.catalogue, &offer.service, service))
            })
        };
        self.plan.facilities.iter().filter(|site| !site.is_outside).filter(offers).collect()
    }

    /// What the plan's sites have of a measure: for certain, and which of them do not state it.
    fn sum(&self, services: &[ServiceKey], measure: Measure) -> Option<(f64, Vec<String>)> {
        let mut unstated = Vec::new();
        let mut sum = 0.0;
        for site in self.sites(services) {
            match site_measure(measure, self.catalogue, &site.facility, services)? {
                Some(has) => sum += has,
                None => unstated.push(label(site)),
            }
        }
        Some((sum, unstated))
    }

    fn amount(&self, norm: &Norm, base: f64) -> Finding {
        let Some((has, unstated)) = self.sum(&norm.services, norm.measure) else {
            return Finding::not_asked(format!(
                "plans do not state {}",
                norm.measure.as_str().replace('_', " ")
            ));
        };
        let scaled = |amount: f64| {
            let needs = amount * base / norm.per;
            // half a site cannot be built
            if norm.measure == Measure::Sites { libm::floor(needs + 1e-9) } else { needs }
        };
        let amount =
            Amount { at_least: norm.amount.at_least.map(scaled), at_most: norm.amount.at_most.map(scaled) };
        stand(amount, has, unstated, measured(norm))
    }

    fn share(&self, norm: &Norm) -> Finding {
        if norm.of.is_empty() {
            return Finding::not_asked("it is a share of what the plan does not tell");
        }
        let (Some((part, mut unstated)), Some((whole, more))) =
            (self.sum(&norm.services, norm.measure), self.sum(&norm.of, norm.measure))
        else {
            return Finding::not_asked(format!(
                "plans do not state {}",
                norm.measure.as_str().replace('_', " ")
            ));
        };
        unstated.extend(more);
        if !unstated.is_empty() {
            return Finding::unstated(format!("{} is not stated by {}", measured(norm), unstated.join(", ")));
        }
        if whole <= 0.0 {
            return Finding::not_asked("the plan has nothing of which it would be a share");
        }
        stand(norm.amount, part / whole * norm.per, vec![], measured(norm))
    }

    /// Every site of the plan has to keep a norm per site.
    fn per_site(&self, applied: &AppliedNorm) -> Finding {
        let norm = &applied.norm;
        let sites = self.sites(&norm.services);
        if sites.is_empty() {
            return Finding::not_asked("the plan has no such site");
        }
        let (mut missing, mut unstated, mut least) = (Vec::new(), Vec::new(), None::<f64>);
        for site in &sites {
            let service = norm.services.iter().find(|service| {
                site.facility.offers.iter().any(|offer| counts_as(self.catalogue, &offer.service, service))
            });
            let faults = service.and_then(|service| {
                site_faults(core::slice::from_ref(applied), self.catalogue, &site.facility, None, service)
            });
            let Some(faults) = faults else {
                return Finding::not_asked(format!(
                    "plans do not state {} of sites",
                    norm.measure.as_str().replace('_', " ")
                ));
            };
            for fault in faults {
                match fault.has {
                    Some(has) => {
                        missing.push(format!("{} with {}", label(site), rounded(has)));
                        least = Some(least.map_or(has, |least| least.min(has)));
                    }
                    None => unstated.push(label(site)),
                }
            }
        }
        let needs = norm.amount.at_least.or(norm.amount.at_most).map(|end| end * norm.per);
        if missing.is_empty() && unstated.is_empty() {
            let own = |site: &&PlannedFacility| {
                site_measure(norm.measure, self.catalogue, &site.facility, &norm.services).flatten()
            };
            let has = sites.iter().filter_map(own).min_by(f64::total_cmp);
            Finding { verdict: Verdict::Pass, needs, has, reason: None }
        } else if missing.is_empty() {
            let reason = format!("{} is not stated by {}", measured(norm), unstated.join(", "));
            Finding { verdict: Verdict::Unstated, needs, has: None, reason: Some(reason) }
        } else {
            Finding { verdict: Verdict::Refuse, needs, has: least, reason: Some(missing.join(", ")) }
        }
    }

    fn rule(&self, applied: &AppliedRule) -> Clause {
        let rule = &applied.rule;
        let found = self.walk(applied);
        let name = self
            .catalogue
            .service(&rule.service)
            .map_or(rule.service.as_str(), |service| service.en.as_str());
        Clause {
            key: rule.service.to_string(),
            pack: applied.pack.clone(),
            asks: format!("{name}: {}", rule.rule_for(self.plan.zone)),
            verdict: found.verdict,
            needs: found.needs,
            has: found.has,
            reason: found.reason,
            requirement: Some(rule.requirement_for(self.plan.zone)),
            confidence: rule.backing.confidence,
            source: rule.backing.source.clone(),
        }
    }

    fn walk(&self, applied: &AppliedRule) -> Finding {
        let rule: &PackRule = &applied.rule;
        if let Some(level) = rule.level.as_ref().filter(|level| !self.plan.levels.contains(*level)) {
            return Finding::not_asked(format!("it is asked of the level `{level}`"));
        }
        if rule.requirement_for(self.plan.zone) != Requirement::Must {
            let asked = rule.requirement_for(self.plan.zone).as_str().replace('_', " ");
            return Finding::not_asked(format!("the pack asks for it {asked}"));
        }
        let limit = rule.rule_for(self.plan.zone);
        let (limit_m, is_line) = match limit {
            Rule::StraightRadius(limit) => (limit.as_metres_f64(), true),
            Rule::PresenceInUnit(kind) if kind > self.plan.unit => {
                return Finding::not_asked(format!("it is asked of a whole {kind}"));
            }
            Rule::PresenceInUnit(_) => (f64::INFINITY, false),
            Rule::DriveTime(_) | Rule::NoWalkingCatchment => {
                return Finding::not_asked("it is no walk");
            }
            Rule::WalkTime(_) | Rule::WalkDistance(_) => match applied.walk_limit(limit) {
                Some(limit) => (limit.as_metres_f64(), false),
                None => return Finding::not_asked("it is no walk"),
            },
        };
        let counting: Vec<&ServiceKey> = rule.counting(self.catalogue).collect();
        let offers = |site: &&PlannedFacility| {
            site.facility.offers.iter().any(|offer| counting.contains(&&offer.service))
        };
        let sites: Vec<&PlannedFacility> = self.plan.facilities.iter().filter(offers).collect();
        if limit_m.is_infinite() {
            let inside = sites.iter().any(|site| !site.is_outside);
            let verdict = if inside { Verdict::Pass } else { Verdict::Refuse };
            let reason = (!inside).then(|| "the plan has none".into());
            return Finding { verdict, needs: Some(1.0), has: Some(f64::from(u8::from(inside))), reason };
        }
        if sites.is_empty() {
            let reason = "the plan names none, inside or outside".to_owned();
            return Finding {
                verdict: Verdict::Refuse,
                needs: Some(limit_m),
                has: None,
                reason: Some(reason),
            };
        }
        let walk = |site: &&PlannedFacility| if is_line { site.longest_line } else { site.longest_walk };
        let nearest = sites.iter().filter_map(&walk).min().map(|length| length.as_metres_f64());
        // a walk is no shorter than the straight line
        let is_too_far = |site: &&PlannedFacility| {
            let line = site.longest_line.is_some_and(|line| line.as_metres_f64() > limit_m);
            walk(site).is_some_and(|walk| walk.as_metres_f64() > limit_m) || line
        };
        let verdict = match nearest {
            Some(nearest) if nearest <= limit_m => Verdict::Pass,
            _ if sites.iter().all(is_too_far) => Verdict::Refuse,
            _ => Verdict::Unstated,
        };
        let reason = (verdict == Verdict::Unstated).then(|| {
            let blank: Vec<String> =
                sites.iter().copied().filter(|site| walk(site).is_none()).map(label).collect();
            let field = if is_line { "longest_line_m" } else { "longest_walk_m" };
            format!("`{field}` is not stated of {}", blank.join(", "))
        });
        Finding { verdict, needs: Some(limit_m), has: nearest, reason }
    }
}

/// How what is there for certain stands to an amount; sites that state nothing may have anything.
fn stand(amount: Amount, has: f64, unstated: Vec<String>, measured: String) -> Finding {
    let amount_nearly = Amount {
        at_least: amount.at_least.map(|least| least - 1e-9),
        at_most: amount.at_most.map(|most| most + 1e-9),
    };
    let found = Between { low: has, high: unstated.is_empty().then_some(has) };
    let verdict = match found.stands_to(&Goal { amount: amount_nearly, ..Goal::default() }) {
        Attainment::Met => Verdict::Pass,
        Attainment::Missed => Verdict::Refuse,
        Attainment::Open => Verdict::Unstated,
    };
    let reason = (verdict == Verdict::Unstated)
        .then(|| format!("{measured} is not stated by {}", unstated.join(", ")));
    Finding { verdict, needs: amount.at_least.or(amount.at_most), has: Some(has), reason }
}

fn label(site: &PlannedFacility) -> String {
    site.facility.name.clone().unwrap_or_else(|| site.facility.id.clone())
}

fn rounded(value: f64) -> f64 {
    libm::round(value * 100.0) / 100.0
}

fn measured(norm: &Norm) -> String {
    norm.what.clone().unwrap_or_else(|| norm.measure.as_str().replace('_', " "))
}

/// A norm in words: "floor area m2 of elderly day care: at least 20 per 100 households".
fn asks(norm: &Norm) -> String {
    let services: Vec<String> =
        norm.services.iter().map(|service| service.as_str().replace('_', " ")).collect();
    let services = if services.is_empty() { String::new() } else { format!(" of {}", services.join(", ")) };
    let amount = match (norm.amount.at_least, norm.amount.at_most) {
        (Some(least), Some(most)) if least.total_cmp(&most).is_eq() => format!("{least}"),
        (Some(least), Some(most)) => format!("{least} to {most}"),
        (Some(least), None) => format!("at least {least}"),
        (None, Some(most)) => format!("at most {most}"),
        (None, None) => "wished for".into(),
    };
    let base = norm.base.as_str().replace('_', " ");
    let per = match norm.base {
        Base::Whole => format!("of {}", norm.per),
        _ if (norm.per - 1.0).abs() < f64::EPSILON => format!("per {}", base.trim_end_matches('s')),
        _ => format!("per {} {base}", norm.per),
    };
    let ages = norm.ages.map_or_else(String::new, |ages| format!(" of {ages}"));
    format!("{}{services}: {amount} {per}{ages}", measured(norm))
}
