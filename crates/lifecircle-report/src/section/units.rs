//! Units by domain: a heat map that is a table.

use std::collections::BTreeMap;

use lifecircle_access::Coverage;
use lifecircle_indicators::UnitResult;
use maud::{Markup, html};

use crate::number;
use crate::page::{Page, fifth};
use crate::word::Word;

pub(crate) fn units(page: &Page<'_>) -> Option<Markup> {
    let assessment = page.report.assessment;
    let domain_of: BTreeMap<_, _> =
        assessment.services.iter().map(|service| (&service.service, service.domain.as_str())).collect();
    let units: Vec<&UnitResult> = assessment
        .units
        .iter()
        .filter(|unit| unit.shares.mean.strict.all > lifecircle_types::People::ZERO)
        .collect();
    let mut domains: Vec<&str> = units
        .iter()
        .flat_map(|unit| {
            unit.coverage.iter().filter_map(|coverage| domain_of.get(&coverage.service).copied())
        })
        .collect();
    domains.sort_unstable();
    domains.dedup();
    if units.is_empty() || domains.is_empty() {
        return None;
    }
    let mut kinds: Vec<_> = units.iter().map(|unit| unit.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let cell = |unit: &UnitResult, domain: &str| {
        let of_domain =
            unit.coverage.iter().filter(|coverage| domain_of.get(&coverage.service) == Some(&domain));
        let sum = of_domain.fold(Coverage::default(), |mut sum, coverage| {
            sum.covered += coverage.coverage.strict.covered;
            sum.all += coverage.coverage.strict.all;
            sum
        });
        heat(sum.share())
    };
    Some(html! {
        p { (page.say("Of the required services of a domain, the part that residents of the unit reach; people and services count alike. Blank: nothing of the domain is required there or could be assessed.",
            "各领域应配服务中，单元居民可达的部分；居民与服务等权计算。空白：该处没有应配服务，或未能评估。")) }
        @for kind in kinds.iter().rev() {
            div.wide tabindex="0" {
                table {
                    caption { (kind.say(page.language())) }
                    thead { tr {
                        th scope="col" { (page.say("Unit", "单元")) }
                        th scope="col" { (page.say("Residents", "居民")) }
                        th scope="col" { (page.say("All", "合计")) }
                        @for domain in &domains { th scope="col" { (page.phrases.domain(domain)) } }
                    } }
                    tbody {
                        @for unit in units.iter().filter(|unit| unit.kind == *kind) {
                            tr {
                                th scope="row" translate="no" title=(unit.code) { (unit.label) }
                                td { (number::people(unit.shares.mean.strict.all)) }
                                (heat(unit.shares.mean.strict.share()))
                                @for domain in &domains { (cell(unit, domain)) }
                            }
                        }
                    }
                }
            }
        }
    })
}

/// A cell whose colour tells its share.
fn heat(share: Option<f64>) -> Markup {
    html! { @if let Some(share) = share { td class=(fifth(share)) { (number::percent(share)) } } @else { td {} } }
}
