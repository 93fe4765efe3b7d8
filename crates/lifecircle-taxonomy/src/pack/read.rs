//! Reading a pack: file by file up the line of inheritance, then row by row into one pack.

use std::ops::Range;

use lifecircle_types::{Date, Millimetres, ServiceKey, Speed, TravelTime, most_alike};
use serde::Deserialize;
use toml::Spanned;

use super::indicator_row::IndicatorRow;
use super::made_of::{Known, circle_of};
use super::rows::{FigureRow, NormRow, Row, RuleRow, check_target, validity, within};
use super::score::{Score, Scored, ServiceScope};
use super::score_row::ScoreRow;
use super::{FindPack, Pack, Target};
use crate::catalogue::Catalogue;
use crate::error::{Error, parse};
use crate::phrases::{ChineseTable, Phrases};
use crate::tier::{applies, overlap};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPack {
    key: Spanned<String>,
    title: String,
    inherits: Option<Spanned<String>>,
    jurisdiction: Option<Spanned<String>>,
    valid_from: Option<Spanned<Date>>,
    valid_to: Option<Date>,
    standard_walker: Option<Spanned<RawWalker>>,
    target: Option<Spanned<Target>>,
    #[serde(default)]
    rule: Vec<Spanned<RuleRow>>,
    #[serde(default)]
    norm: Vec<Spanned<NormRow>>,
    #[serde(default)]
    figure: Vec<Spanned<FigureRow>>,
    #[serde(default)]
    indicator: Vec<Spanned<IndicatorRow>>,
    #[serde(default)]
    score: Vec<Spanned<ScoreRow>>,
    #[serde(default)]
    zh: ChineseTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWalker {
    metres: u32,
    minutes: u32,
}

/// A row with the file and the place in it where it stands.
struct Placed<R> {
    file: usize,
    span: Range<usize>,
    row: R,
}

/// A pack with all it inherits.
struct Whole {
    key: String,
    title: String,
    jurisdiction: String,
    valid_from: Option<Date>,
    valid_to: Option<Date>,
    lineage: Vec<String>,
    walker: Option<Speed>,
    target: Option<Target>,
    rules: Vec<Placed<RuleRow>>,
    norms: Vec<Placed<NormRow>>,
    figures: Vec<Placed<FigureRow>>,
    indicators: Vec<Placed<IndicatorRow>>,
    scores: Vec<Placed<ScoreRow>>,
    /// What it and those before it say, what they drop included.
    phrases: Phrases,
}

impl Whole {
    /// What it says in free words, a phrase as often as it stands there.
    fn said(&self) -> impl Iterator<Item = &str> {
        fn of<R: Row>(rows: &[Placed<R>]) -> impl Iterator<Item = &str> {
            rows.iter().flat_map(|placed| placed.row.phrases())
        }
        let head = core::iter::once(&self.title).chain(self.target.iter().map(|target| &target.source));
        head.map(String::as_str)
            .chain(of(&self.rules))
            .chain(of(&self.norms))
            .chain(of(&self.figures))
            .chain(of(&self.indicators))
            .chain(of(&self.scores))
    }
}

struct Reader<'a> {
    catalogue: &'a Catalogue,
    find: FindPack<'a>,
    builtin: FindPack<'a>,
    files: Vec<(String, String)>,
    /// Keys of the packs being read, the youngest first.
    reading: Vec<String>,
}

pub(super) fn read(
    file: &str,
    text: &str,
    catalogue: &Catalogue,
    find: FindPack<'_>,
    builtin: FindPack<'_>,
) -> crate::Result<Pack> {
    let mut reader = Reader { catalogue, find, builtin, files: vec![], reading: vec![] };
    let whole = reader.whole(file.into(), text.into(), None)?;
    reader.build(whole)
}

impl Reader<'_> {
    fn fault(&self, file: usize, span: Range<usize>, problem: impl Into<String>) -> Error {
        let (name, text) = &self.files[file];
        Error::at(name, text, Some(span), problem)
    }

    /// Reads a file and what it inherits from; `heir` is the place that names it.
    fn whole(
        &mut self,
        name: String,
        text: String,
        heir: Option<(usize, Range<usize>)>,
    ) -> crate::Result<Whole> {
        let raw: RawPack = parse(&name, &text)?;
        let at = self.files.len();
        self.files.push((name, text));
        let key = raw.key.get_ref().clone();
        let is_own = (self.builtin)(&key).is_none_or(|(file, text)| self.files[at] == (file, text));
        if !is_own {
            let problem =
                format!("`{key}` is the key of a built-in pack: choose another, results name packs by it");
            return Err(self.fault(at, raw.key.span(), problem));
        }
        if key.is_empty() || key.contains(char::is_whitespace) {
            return Err(self.fault(
                at,
                raw.key.span(),
                format!("`{key}` is no key: write letters, digits and -"),
            ));
        }
        if let Some((file, span)) = heir
            && self.reading.contains(&key)
        {
            let circle = format!("{} → {key}", self.reading.join(" → "));
            return Err(self.fault(
                file,
                span,
                format!("a pack inherits from itself, {circle}: cut the circle"),
            ));
        }
        self.reading.push(key.clone());
        let parent = match &raw.inherits {
            None => None,
            Some(named) => {
                let Some((file, text)) = (self.find)(named.get_ref()) else {
                    if named.get_ref().ends_with(".toml") {
                        let problem = format!("there is no file `{}` beside this pack", named.get_ref());
                        return Err(self.fault(at, named.span(), problem));
                    }
                    let alike = most_alike(named.get_ref(), Pack::builtin_keys()).unwrap_or(Pack::DEFAULT);
                    let problem = format!("there is no pack `{}`; did you mean `{alike}`?", named.get_ref());
                    return Err(self.fault(at, named.span(), problem));
                };
                Some(self.whole(file, text, Some((at, named.span())))?)
            }
        };
        let inherits = raw.inherits.as_ref().map_or(0..0, Spanned::span);
        let jurisdiction = match (&raw.jurisdiction, &parent) {
            (Some(own), Some(parent)) if !applies(&parent.jurisdiction, own.get_ref()) => {
                let problem = format!(
                    "`{}` does not lie in `{}`, the place of `{}` from which the pack inherits",
                    own.get_ref(),
                    parent.jurisdiction,
                    parent.key
                );
                return Err(self.fault(at, own.span(), problem));
            }
            (Some(own), _) => own.get_ref().clone(),
            (None, Some(parent)) => parent.jurisdiction.clone(),
            (None, None) => "*".into(),
        };
        let valid_from = raw.valid_from.as_ref().map(|date| *date.get_ref());
        let span = raw.valid_from.as_ref().map_or(0..0, Spanned::span);
        validity(valid_from, raw.valid_to).map_err(|problem| self.fault(at, span, problem))?;
        let mut walker = None;
        if let Some(given) = &raw.standard_walker {
            let RawWalker { metres, minutes } = *given.get_ref();
            within(metres, 1, 10_000, "metres")
                .and_then(|_| within(minutes, 1, 120, "minutes"))
                .map_err(|problem| self.fault(at, given.span(), format!("standard_walker: {problem}")))?;
            walker = Some(standard_walker(metres, minutes));
        }
        if let Some(target) = &raw.target {
            check_target(target.get_ref()).map_err(|problem| self.fault(at, target.span(), problem))?;
        }
        let mut whole = Whole {
            key: key.clone(),
            title: raw.title,
            jurisdiction,
            valid_from,
            valid_to: raw.valid_to,
            lineage: vec![],
            walker,
            target: raw.target.map(Spanned::into_inner),
            rules: place(at, raw.rule),
            norms: place(at, raw.norm),
            figures: place(at, raw.figure),
            indicators: place(at, raw.indicator),
            scores: place(at, raw.score),
            phrases: parent.as_ref().map(|parent| parent.phrases.clone()).unwrap_or_default(),
        };
        let own: Vec<String> = whole.said().map(str::to_owned).collect();
        own.iter().for_each(|phrase| whole.phrases.say(phrase));
        whole.phrases.translate(raw.zh).map_err(|(span, problem)| self.fault(at, span, problem))?;
        if let Some(parent) = parent {
            if whole.valid_from.is_none() && whole.valid_to.is_none() {
                (whole.valid_from, whole.valid_to) = (parent.valid_from, parent.valid_to);
            } else if !overlap((whole.valid_from, whole.valid_to), (parent.valid_from, parent.valid_to)) {
                let problem = format!("it shares no day with `{}`, from which it inherits", parent.key);
                return Err(self.fault(at, inherits, problem));
            }
            whole.lineage.push(parent.key);
            whole.lineage.extend(parent.lineage);
            whole.walker = whole.walker.or(parent.walker);
            whole.target = whole.target.or(parent.target);
            whole.rules = self.merge(parent.rules, whole.rules)?;
            whole.norms = self.merge(parent.norms, whole.norms)?;
            whole.figures = self.merge(parent.figures, whole.figures)?;
            whole.indicators = self.merge(parent.indicators, whole.indicators)?;
            whole.scores = self.merge(parent.scores, whole.scores)?;
        } else if let Some(stray) = self.stray_drop(&whole) {
            return Err(stray);
        }
        Ok(whole)
    }

    /// The parent's rows, overridden by the child's, then the child's own.
    fn merge<R: Row>(&self, parent: Vec<Placed<R>>, child: Vec<Placed<R>>) -> crate::Result<Vec<Placed<R>>> {
        let mut rows: Vec<Option<Placed<R>>> =
            parent.into_iter().filter(|row| !row.row.stays()).map(Some).collect();
        let inherited = rows.len();
        for mut own in child {
            let fault = |problem: String| {
                self.fault(own.file, own.span.clone(), format!("{} `{}`: {problem}", R::KIND, own.row.id()))
            };
            let days = own.row.validity();
            let undated = days.from.is_none() && days.to.is_none();
            let overridden: Vec<usize> = (0..inherited)
                .filter(|&at| {
                    rows[at].as_ref().is_some_and(|row| {
                        row.row.id() == own.row.id() && (undated || row.row.validity() == days)
                    })
                })
                .collect();
            match (overridden.as_slice(), own.row.drops()) {
                ([], true) => {
                    return Err(fault("there is nothing to drop: the parent has no such row".into()));
                }
                ([], false) => {}
                (several, true) => {
                    for &at in several {
                        rows[at] = None;
                    }
                    continue;
                }
                (&[at], false) => {
                    if own.row.states() && !own.row.is_backed() {
                        return Err(fault(
                            "it changes a figure: say where the new one comes from, with `confidence` and `source`"
                                .into(),
                        ));
                    }
                    if own.row.is_backed() && !own.row.states() {
                        return Err(fault(
                            "it says where a figure comes from and states none: repeat the figure that you confirm, or \
                             leave `confidence` and `source` out"
                                .into(),
                        ));
                    }
                    if let Some(parent) = rows[at].take() {
                        own.row.inherit(&parent.row);
                    }
                }
                _ => {
                    return Err(fault(
                        "the parent has several such rows: say which by its valid_from and valid_to".into(),
                    ));
                }
            }
            rows.push(Some(own));
        }
        Ok(rows.into_iter().flatten().collect())
    }

    /// A row that would take away what no parent gave.
    fn stray_drop(&self, whole: &Whole) -> Option<Error> {
        fn first<R: Row>(rows: &[Placed<R>]) -> Option<(usize, Range<usize>)> {
            rows.iter().find(|row| row.row.drops()).map(|row| (row.file, row.span.clone()))
        }
        let (file, span) = first(&whole.rules)
            .or_else(|| first(&whole.norms))
            .or_else(|| first(&whole.figures))
            .or_else(|| first(&whole.indicators))
            .or_else(|| first(&whole.scores))?;
        Some(self.fault(
            file,
            span,
            "`drop` takes away a row of the parent, and this pack inherits from none",
        ))
    }

    fn build(&self, whole: Whole) -> crate::Result<Pack> {
        let phrases = whole.phrases.only(whole.said());
        self.check_days(&whole.rules)?;
        self.check_days(&whole.norms)?;
        self.check_days(&whole.figures)?;
        self.check_days(&whole.indicators)?;
        self.check_days(&whole.scores)?;
        let target = whole.target.as_ref();
        let mut rules = self.build_rows(whole.rules, |row| {
            self.check(row.accepts.iter().flatten().chain([&row.service]), row.cites.as_deref())?;
            row.build(target)
        })?;
        rules.sort_by(|a, b| (&a.service, a.validity.from).cmp(&(&b.service, b.validity.from)));
        let mut norms = self.build_rows(whole.norms, |row| {
            self.check(row.services.iter().chain(&row.of).flatten(), row.cites.as_deref())?;
            row.build()
        })?;
        norms.sort_by(|a, b| (&a.key, a.validity.from).cmp(&(&b.key, b.validity.from)));
        let mut figures = self.build_rows(whole.figures, |row| {
            self.check(row.services.iter().flatten(), row.cites.as_deref())?;
            row.build()
        })?;
        figures.sort_by(|a, b| (&a.key, a.validity.from).cmp(&(&b.key, b.validity.from)));
        let mut indicators = self.build_rows(whole.indicators, |row| {
            self.check(row.services(), row.cites.as_deref())?;
            row.build()
        })?;
        indicators.sort_by(|a, b| (&a.key, a.validity.from).cmp(&(&b.key, b.validity.from)));
        let known = Known { norms: &norms, figures: &figures, indicators: &indicators };
        let keys: Vec<String> = whole.scores.iter().map(|placed| placed.row.id().to_owned()).collect();
        let mut scores = self.build_rows(whole.scores, |row| {
            self.check(row.services(), row.cites.as_deref())?;
            let score = row.build()?;
            known.check(&score, &keys)?;
            self.check_domains(&score)?;
            Ok(score)
        })?;
        scores.sort_by(|a, b| (&a.key, a.validity.from).cmp(&(&b.key, b.validity.from)));
        if let Some(circle) = circle_of(&scores) {
            return Err(self.fault(
                0,
                0..0,
                format!("scores are made of one another, {circle}: cut the circle"),
            ));
        }
        if rules.is_empty()
            && norms.is_empty()
            && figures.is_empty()
            && indicators.is_empty()
            && scores.is_empty()
        {
            return Err(self.fault(
                0,
                0..0,
                "the pack says nothing: add a [[rule]], a [[norm]], a [[figure]], an [[indicator]] or a [[score]]",
            ));
        }
        Ok(Pack {
            key: whole.key,
            title: whole.title,
            jurisdiction: whole.jurisdiction,
            validity: super::Validity { from: whole.valid_from, to: whole.valid_to },
            lineage: whole.lineage,
            standard_walker: whole.walker.unwrap_or_else(|| standard_walker(1000, 15)),
            rules,
            norms,
            figures,
            indicators,
            scores,
            phrases,
        })
    }

    fn build_rows<R: Row, T>(
        &self,
        rows: Vec<Placed<R>>,
        build: impl Fn(R) -> Result<T, String>,
    ) -> crate::Result<Vec<T>> {
        let built = rows.into_iter().map(|Placed { file, span, row }| {
            let id = row.id().to_owned();
            build(row).map_err(|problem| self.fault(file, span, format!("{} `{id}`: {problem}", R::KIND)))
        });
        built.collect()
    }

    /// No two rows say something else about the same day.
    fn check_days<R: Row>(&self, rows: &[Placed<R>]) -> crate::Result<()> {
        let mut order: Vec<&Placed<R>> = rows.iter().collect();
        order.sort_by(|a, b| a.row.id().cmp(b.row.id()));
        for group in order.chunk_by(|a, b| a.row.id() == b.row.id()) {
            for (at, later) in group.iter().enumerate() {
                let days = |row: &Placed<R>| (row.row.validity().from, row.row.validity().to);
                if let Some(first) = group[..at].iter().find(|first| overlap(days(first), days(later))) {
                    let (file, text) = &self.files[first.file];
                    let problem = format!(
                        "{} `{}` stands twice for the same days, first in {file}, line {}: keep one, or let one end \
                         the day before the other begins",
                        R::KIND,
                        later.row.id(),
                        Error::line(text, first.span.start)
                    );
                    return Err(self.fault(later.file, later.span.clone(), problem));
                }
            }
        }
        Ok(())
    }

    fn check_domains(&self, score: &Score) -> Result<(), String> {
        for part in &score.parts {
            let (Scored::Axis(_, scope) | Scored::FriendlyFor(_, scope)) = &part.of else {
                continue;
            };
            let ServiceScope::Domain(domain) = scope else {
                continue;
            };
            let known = self.catalogue.services().iter().map(|service| service.domain.as_str());
            if !known.clone().any(|known| known == domain) {
                let nearest = most_alike(domain, known).unwrap_or_default();
                return Err(format!("no service is of the domain `{domain}`; did you mean `{nearest}`?"));
            }
        }
        Ok(())
    }

    fn check<'k>(
        &self,
        services: impl Iterator<Item = &'k ServiceKey>,
        cites: Option<&[String]>,
    ) -> Result<(), String> {
        for service in services {
            if self.catalogue.find(service).is_none() {
                let keys = self.catalogue.services().iter().map(|known| known.key.as_str());
                let nearest = most_alike(service.as_str(), keys).unwrap_or_default();
                return Err(format!("there is no service `{service}`; did you mean `{nearest}`?"));
            }
        }
        match cites.unwrap_or_default().iter().find(|key| self.catalogue.reference(key).is_none()) {
            Some(key) => Err(format!(
                "there is no source `{key}` in the catalogue: leave `cites` out, or add a [[source]] to a catalogue of \
                 your own"
            )),
            None => Ok(()),
        }
    }
}

fn place<R>(file: usize, rows: Vec<Spanned<R>>) -> Vec<Placed<R>> {
    rows.into_iter().map(|row| Placed { file, span: row.span(), row: row.into_inner() }).collect()
}

fn standard_walker(metres: u32, minutes: u32) -> Speed {
    Speed::covering(Millimetres::from_metres(metres), TravelTime::from_minutes(minutes))
        .expect("both are checked to be more than zero")
}
