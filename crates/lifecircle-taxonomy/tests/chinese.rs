//! Whoever reads Chinese meets no Latin word but proper names, codes and signs of units.

use lifecircle_taxonomy::{Catalogue, Pack};

/// Runs of letters, digits and what joins them to a code: `TD/T`, `GB`, `R-HC`, `b4`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || "/-.".contains(c)))
        .filter(|word| word.contains(|c: char| c.is_ascii_alphabetic()))
}

/// All capitals, or letters with digits.
fn is_code(word: &str) -> bool {
    !word.contains(|c: char| c.is_ascii_lowercase()) || word.contains(|c: char| c.is_ascii_digit())
}

fn is_chinese(text: &str) -> bool {
    words(text).all(is_code)
}

/// Why a phrase is no use to who reads Chinese.
fn offence(phrase: &str, chinese: Option<&str>) -> Option<String> {
    match chinese {
        // m2 and km2 look like codes and are units
        None if phrase.contains(|c: char| c.is_ascii_lowercase()) => {
            Some(format!("`{phrase}` has no Chinese"))
        }
        Some(chinese) if !is_chinese(chinese) => Some(format!("`{phrase}`: Latin words in `{chinese}`")),
        _ => None,
    }
}

#[test]
fn codes_are_no_words() {
    for text in ["GB 50180-2018 附录C表C.0.1", "TD/T 1063-2021", "小区指标x2、街区指标b4", "公顷", "1+N布局"]
    {
        assert!(is_chinese(text), "{text}");
    }
    for text in ["附录C table C.0.1", "Kano模型", "per 1000", "m", "小区指标x"] {
        assert!(!is_chinese(text), "{text}");
    }
    assert!(offence("m2", None).is_some() && offence("%", None).is_none());
    assert!(offence("TD/T 1062-2021", None).is_none());
}

#[test]
fn built_in_packs_say_everything_in_chinese() {
    let mut offences = Vec::new();
    let mut phrases = 0;
    for key in Pack::builtin_keys() {
        let pack = Pack::builtin(key).unwrap();
        let mut tell = |what: Option<String>| offences.extend(what.map(|what| format!("{key}: {what}")));
        for (phrase, chinese) in pack.phrases() {
            phrases += 1;
            tell(offence(phrase, chinese));
        }
        let figures = pack.figures().iter().map(|row| (&row.key, &row.zh));
        let indicators = pack.indicators().iter().map(|row| (&row.key, &row.zh));
        let scores = pack.scores().iter().map(|row| (&row.key, &row.zh));
        for (row, zh) in figures.chain(indicators).chain(scores) {
            match zh {
                None => tell(Some(format!("`{row}` has no Chinese name"))),
                Some(zh) if !is_chinese(zh) => tell(Some(format!("`{row}`: Latin words in `{zh}`"))),
                Some(_) => {}
            }
        }
    }
    assert!(offences.is_empty(), "{} of {phrases}:\n{}", offences.len(), offences.join("\n"));
    assert!(phrases > 500, "{phrases} phrases are not what the packs say");
}

/// What rows hold after building is found among the phrases, so that no field of words is forgotten.
#[test]
fn phrases_are_what_rows_say() {
    for key in Pack::builtin_keys() {
        let pack = Pack::builtin(key).unwrap();
        let mut said: Vec<&str> = vec![&pack.title];
        for rule in pack.rules() {
            said.push(&rule.backing.source);
            said.extend(rule.level.as_deref());
            said.extend(rule.target.iter().map(|target| target.source.as_str()));
        }
        for norm in pack.norms() {
            said.push(&norm.backing.source);
            said.extend(
                [&norm.what, &norm.case, &norm.level, &norm.note].into_iter().flatten().map(String::as_str),
            );
            said.extend(norm.functions.iter().map(String::as_str));
        }
        for figure in pack.figures() {
            said.push(&figure.backing.source);
            said.extend(
                [&figure.case, &figure.level, &figure.note].into_iter().flatten().map(String::as_str),
            );
            said.extend(Some(figure.unit.as_str()).filter(|unit| !unit.is_empty()));
        }
        for indicator in pack.indicators() {
            said.extend([indicator.backing.source.as_str(), indicator.unit.as_str()]);
            said.extend(indicator.note.as_deref());
        }
        for score in pack.scores() {
            said.push(&score.backing.source);
            said.extend(score.note.as_deref());
        }
        said.sort_unstable();
        said.dedup();
        let phrases: Vec<&str> = pack.phrases().map(|(phrase, _)| phrase).collect();
        // a target of the pack that every rule overrides reaches no row
        let unheard = |phrase: &&str| said.binary_search(phrase).is_err();
        let spare: Vec<&str> = phrases.iter().copied().filter(unheard).collect();
        assert!(said.iter().all(|phrase| phrases.binary_search(phrase).is_ok()), "{key}");
        assert!(spare.is_empty(), "{key}: {spare:?}");
    }
}

#[test]
fn the_built_in_catalogue_says_everything_in_chinese() {
    let catalogue = Catalogue::builtin();
    let mut offences: Vec<String> =
        catalogue.phrases().filter_map(|(phrase, chinese)| offence(phrase, chinese)).collect();
    let titles = catalogue.domains().iter().map(|domain| &domain.zh);
    let names =
        titles
            .chain(catalogue.services().iter().map(|service| &service.zh))
            .chain(catalogue.conditions().iter().map(|condition| &condition.zh))
            .chain(catalogue.crosswalks().iter().flat_map(|crosswalk| {
                crosswalk.classes.iter().map(|class| &class.zh).chain([&crosswalk.zh])
            }));
    offences.extend(names.filter(|zh| !is_chinese(zh)).map(|zh| format!("Latin words in `{zh}`")));
    assert!(offences.is_empty(), "{}:\n{}", offences.len(), offences.join("\n"));
}
