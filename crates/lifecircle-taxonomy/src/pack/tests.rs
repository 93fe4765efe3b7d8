use lifecircle_types::{Millimetres, TravelTime};

use super::*;

const HEAD: &str = "key = 'p'\ntitle = 'P'\n[[rule]]\nservice = 'pharmacy'\nrequirement = 'must'\nconfidence = 'memory'\nsource = 's'\n";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn key(text: &str) -> ServiceKey {
    text.parse().unwrap()
}

/// Reads the first of some files; the others are there to inherit from.
fn read(files: &[(&str, &str)]) -> crate::Result<Pack> {
    let find = |name: &str| {
        let (name, text) = files.iter().find(|(file, _)| *file == name)?;
        Some(((*name).to_owned(), (*text).to_owned()))
    };
    Pack::read(files[0].0, files[0].1, &Catalogue::builtin(), &find)
}

#[test]
fn every_built_in_pack_reads_and_its_key_is_its_name() {
    for name in Pack::builtin_keys() {
        let pack = Pack::builtin(name).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(pack.key, name);
    }
}

#[test]
fn distances_bind_in_the_chinese_pack_and_minutes_in_the_international_one() {
    let school = key("primary_school");
    let today = day("2025-01-01");
    let chinese = Pack::builtin("cn-gb50180").unwrap();
    let rule = chinese.rule(&school, today).unwrap();
    assert_eq!(rule.rule, Rule::WalkDistance(Millimetres::from_metres(500)));
    assert_eq!(rule.also, Some(Rule::WalkTime(TravelTime::from_minutes(10))));
    let international = Pack::builtin(Pack::DEFAULT).unwrap();
    assert_eq!(
        international.rule(&school, today).unwrap().rule,
        Rule::WalkTime(TravelTime::from_minutes(15))
    );
    assert!(chinese.holds(today, "CN-51"));
    assert!(!chinese.holds(day("2017-01-01"), "CN-51"));
    assert!(!chinese.holds(today, "IM"));
}

#[test]
fn wrong_packs_are_refused_with_line_and_remedy() {
    let check = |tail: &str, expected: &str| {
        let error = Pack::from_toml("mine.toml", &format!("{HEAD}{tail}")).unwrap_err().to_string();
        assert!(error.contains(expected) && error.starts_with("mine.toml, line "), "{error}");
    };
    let again = &HEAD[HEAD.find("[[").unwrap()..];
    check("", "give one of walk_minutes");
    check("walk_minutes = 0", "0 minutes is outside 1 to 600");
    check("walk_minutes = 15\nwalk_metres = 1000", "say which one binds");
    check("walk_minutes = 15\nbinds = 'time'", "needs both");
    check("walk_minuets = 15", "unknown field `walk_minuets`");
    check("walk_minutes = 15\ntarget = { share = 85, confidence = 'policy', source = 's' }", "85 % is 0.85");
    check(
        &format!("walk_minutes = 15\n{again}walk_metres = 5"),
        "stands twice for the same days, first in mine.toml, line 3",
    );
    check("walk_minutes = 15\nlimit_in = { urban = { walk_metres = 5 } }", "one limit of the kind walk_time");
    check("walk_minutes = 15\naccepts = ['farmacy']", "no service `farmacy`; did you mean `pharmacy`?");
    check("walk_minutes = 15\ncites = ['P-XX']", "no source `P-XX`");
    check("walk_minutes = 15\nvalid_from = '2025-02-01'\nvalid_to = '2025-01-01'", "is later than valid_to");
    check("walk_minutes = 15\ndrop = true", "inherits from none");
    let norm = "walk_minutes = 15\n[[norm]]\nkey = 'n'\nservices = ['pharmacy']\nmeasure = 'sites'\nconfidence = 'memory'\nsource = 's'\n";
    check(norm, "give `at_least`, `at_most`, both, or `exactly`");
    check(&format!("{norm}at_least = 3\nat_most = 2\nbase = 'site'"), "at_least 3 is more than at_most 2");
    check(&format!("{norm}at_least = 3"), "`base` is missing");
    check(&format!("{norm}at_least = nan\nbase = 'site'"), "is no amount");
    check(&format!("{norm}at_least = 1\nbase = 'unit'"), "needs `counted_over`");
    check(&format!("{norm}at_least = 1\nper = 0\nbase = 'site'"), "`per` is 0");
    check(
        &format!("{norm}at_least = 1\nbase = 'households'\nages = 'age_60_plus'"),
        "limit a base of people",
    );
    let figure = "walk_minutes = 15\n[[figure]]\nkey = 'f'\nconfidence = 'memory'\nsource = 's'\n";
    check(&format!("{figure}en = 'x'\nkind = 'baseline'"), "a baseline needs");
    check(&format!("{figure}en = 'x'\nkind = 'baseline'\nexactly = 1"), "`unit` is missing");
    let named =
        |key: &str| Pack::from_toml("mine.toml", &HEAD.replace("key = 'p'", key)).unwrap_err().to_string();
    assert!(named("key = 'cn-gb50180'").contains("is the key of a built-in pack: choose another"));
    assert!(named("key = 'my pack'").contains("`my pack` is no key"));
    let error = Pack::from_toml("mine.toml", "key = 'p'\ntitle = 'P'").unwrap_err().to_string();
    assert!(error.contains("the pack says nothing"), "{error}");
}

const NATION: &str = "key = 'nation'\ntitle = 'Nation'\njurisdiction = 'CN'\nvalid_from = '2020-01-01'\n\
    standard_walker = { metres = 900, minutes = 15 }\n\
    target = { share = 0.8, confidence = 'policy', source = 'nation' }\n\
    [[rule]]\nservice = 'pharmacy'\nwalk_metres = 300\nrequirement = 'must'\nconfidence = 'verified'\nsource = 'nation'\ncites = ['S1']\n\
    [[rule]]\nservice = 'gym'\nwalk_metres = 1000\nrequirement = 'feature'\nconfidence = 'verified'\nsource = 'nation'\n\
    [[norm]]\nkey = 'floor'\nservices = ['gym']\nmeasure = 'floor_area_m2'\nat_least = 600\nbase = 'site'\nconfidence = 'memory'\nsource = 'nation'\n\
    [[figure]]\nkey = 'beds'\nen = 'Beds'\nkind = 'target'\nexactly = 9\nunit = 'beds'\nonly_here = true\nconfidence = 'memory'\nsource = 'nation'\n";
const CITY: &str = "key = 'city'\ntitle = 'City'\ninherits = 'nation.toml'\njurisdiction = 'CN-51-01'\nvalid_from = '2024-01-01'\n\
    [[rule]]\nservice = 'pharmacy'\nrequirement = 'as_needed'\n\
    [[rule]]\nservice = 'park'\nwalk_minutes = 5\nrequirement = 'must'\nconfidence = 'policy'\nsource = 'city'\n";
const DISTRICT: &str = "key = 'district'\ntitle = 'District'\ninherits = 'city.toml'\njurisdiction = 'CN-51-01-07'\n\
    [[rule]]\nservice = 'pharmacy'\nwalk_minutes = 4\nconfidence = 'policy'\nsource = 'district'\n\
    [[rule]]\nservice = 'gym'\ndrop = true\n\
    [[norm]]\nkey = 'floor'\nat_least = 500\nat_most = 900\nconfidence = 'policy'\nsource = 'district'\n";

#[test]
fn a_district_overrides_field_by_field_what_city_and_nation_say() {
    let files = [("district.toml", DISTRICT), ("city.toml", CITY), ("nation.toml", NATION)];
    let pack = read(&files).unwrap();
    assert_eq!(pack.lineage, ["city", "nation"]);
    assert!(pack.figures().is_empty(), "the beds of the nation are no figure of the district");
    assert_eq!(read(&files[2..]).unwrap().figures().len(), 1);
    assert_eq!(pack.jurisdiction, "CN-51-01-07");
    assert_eq!(pack.validity.from, Some(day("2024-01-01")), "the city's, as the district names no day");
    assert_eq!(pack.standard_walker.time_for(Millimetres::from_metres(900)), TravelTime::from_minutes(15));
    assert_eq!(
        pack.rules().iter().map(|rule| rule.service.as_str()).collect::<Vec<_>>(),
        ["park", "pharmacy"]
    );
    let pharmacy = pack.rule(&key("pharmacy"), day("2025-01-01")).unwrap();
    assert_eq!(pharmacy.rule, Rule::WalkTime(TravelTime::from_minutes(4)), "the district's limit, not both");
    assert_eq!(pharmacy.requirement, Requirement::AsNeeded, "the city's");
    assert_eq!(pharmacy.target.as_ref().unwrap().source, "nation");
    assert_eq!(
        (pharmacy.backing.confidence, pharmacy.backing.source.as_str()),
        (Confidence::Policy, "district")
    );
    assert!(pharmacy.backing.cites.is_empty(), "the nation's source does not back the district's figure");
    let floor = &pack.norms()[0];
    assert_eq!((floor.amount.at_least, floor.amount.at_most), (Some(500.0), Some(900.0)));
    assert_eq!(floor.measure, Measure::FloorArea);
    // what the city says alone is untouched by its child
    let city = read(&files[1..]).unwrap();
    let rule = city.rule(&key("pharmacy"), day("2025-01-01")).unwrap();
    assert_eq!(
        (rule.rule, rule.backing.cites.as_slice()),
        (Rule::WalkDistance(Millimetres::from_metres(300)), ["S1".to_string()].as_slice())
    );
}

#[test]
fn faults_of_inheritance_name_the_file_and_the_line() {
    let check = |files: &[(&str, &str)], start: &str, expected: &str| {
        let error = read(files).unwrap_err().to_string();
        assert!(error.starts_with(start) && error.contains(expected), "{error}");
    };
    let circle = NATION.replace("title = 'Nation'", "title = 'Nation'\ninherits = 'city.toml'");
    check(
        &[("city.toml", CITY), ("nation.toml", &circle)],
        "nation.toml, line 3: ",
        "a pack inherits from itself, city → nation → city",
    );
    check(&[("city.toml", CITY)], "city.toml, line 3: ", "there is no file `nation.toml` beside this pack");
    let elsewhere = CITY.replace("CN-51-01", "IM");
    check(
        &[("city.toml", &elsewhere), ("nation.toml", NATION)],
        "city.toml, line 4: ",
        "`IM` does not lie in `CN`, the place of `nation`",
    );
    let silent = format!("{CITY}[[rule]]\nservice = 'gym'\nwalk_metres = 800\n");
    check(&[("city.toml", &silent), ("nation.toml", NATION)], "city.toml, line 15: ", "it changes a figure");
    let laundered = format!("{CITY}[[rule]]\nservice = 'gym'\nconfidence = 'policy'\nsource = 'city'\n");
    check(&[("city.toml", &laundered), ("nation.toml", NATION)], "city.toml, line 15: ", "repeat the figure");
    let stray = format!("{CITY}[[rule]]\nservice = 'library_branch'\ndrop = true\n");
    check(&[("city.toml", &stray), ("nation.toml", NATION)], "city.toml, line 15: ", "nothing to drop");
    let before = CITY.replace("valid_from = '2024-01-01'", "valid_to = '2019-12-31'");
    check(&[("city.toml", &before), ("nation.toml", NATION)], "city.toml, line 3: ", "shares no day");
    let broken = NATION.replace("walk_metres = 300", "walk_metres = 0");
    check(&[("city.toml", CITY), ("nation.toml", &broken)], "city.toml, line 6: ", "0 metres is outside");
}

#[test]
fn a_rule_may_change_on_a_day() {
    let dated = "[[rule]]\nservice = 'pharmacy'\nwalk_metres = 500\nrequirement = 'must'\nconfidence = 'memory'\nsource = 's'\n";
    let text = format!(
        "key = 'p'\ntitle = 'P'\n{dated}valid_to = '2024-12-31'\n{}valid_from = '2025-01-01'\n",
        dated.replace("500", "300")
    );
    let pack = Pack::from_toml("mine.toml", &text).unwrap();
    let limit = |on: &str| pack.rule(&key("pharmacy"), day(on)).unwrap().rule.limit();
    assert_eq!((limit("2024-12-31"), limit("2025-01-01")), ("500 m".into(), "300 m".into()));
    let overlapping = text.replace("2024-12-31", "2025-01-01");
    let error = Pack::from_toml("mine.toml", &overlapping).unwrap_err().to_string();
    assert!(
        error.starts_with("mine.toml, line 10: rule `pharmacy` stands twice for the same days"),
        "{error}"
    );
    // a child says which of the two it means
    let child = |tail: &str| {
        let text = format!(
            "key = 'c'\ntitle = 'C'\ninherits = 'p.toml'\n[[rule]]\nservice = 'pharmacy'\nrequirement = 'feature'\n{tail}"
        );
        text
    };
    let vague = child("");
    let files = [("c.toml", vague.as_str()), ("p.toml", text.as_str())];
    assert!(read(&files).unwrap_err().to_string().contains("say which by its valid_from"));
    let clear = child("valid_from = '2025-01-01'\n");
    let pack = read(&[("c.toml", &clear), ("p.toml", &text)]).unwrap();
    let asks = |on: &str| pack.rule(&key("pharmacy"), day(on)).unwrap().requirement;
    assert_eq!((asks("2024-06-01"), asks("2025-06-01")), (Requirement::Must, Requirement::Feature));
}

#[test]
fn the_order_of_rows_does_not_matter() {
    for name in Pack::builtin_keys() {
        let (file, text) = Pack::builtin_text(name).unwrap();
        let mut rows: Vec<&str> = text.split("\n[[").collect();
        let head = rows.remove(0);
        rows.reverse();
        let turned = rows.iter().fold(head.to_owned(), |text, row| format!("{text}\n[[{row}\n"));
        let turned = turned.replacen(&format!("key = \"{name}\""), "key = \"turned\"", 1);
        let pack = Pack::from_toml(&file, &turned).unwrap();
        assert_eq!(Pack { key: name.into(), ..pack }, Pack::builtin(name).unwrap(), "{name}");
    }
}

/// Rows of every kind, with every field of words.
const WORDY: &str = "key = 'wordy'\ntitle = 'A title'\n\
    target = { share = 0.8, confidence = 'policy', source = 'a share' }\n\
    [[rule]]\nservice = 'pharmacy'\nwalk_metres = 300\nrequirement = 'must'\nlevel = 'ring'\nconfidence = 'policy'\nsource = 'a rule'\n\
    [[rule]]\nservice = 'gym'\nwalk_metres = 300\nrequirement = 'must'\nconfidence = 'policy'\nsource = 'another rule'\n\
    target = { share = 0.9, confidence = 'policy', source = 'an own share' }\n\
    [[norm]]\nkey = 'n'\nwhat = 'doctors'\nservices = ['gym']\nmeasure = 'functions'\nfunctions = ['hall']\nbase = 'site'\ncase = 'new'\n\
    note = 'a note'\nconfidence = 'policy'\nsource = 'a norm'\n\
    [[figure]]\nkey = 'f'\nen = 'F'\nkind = 'target'\nexactly = 9\nunit = 'beds'\nconfidence = 'policy'\nsource = 'a figure'\n\
    [[indicator]]\nkey = 'i'\nen = 'I'\ncount = { what = 'households' }\nunit = 'homes'\nbetter = 'more'\nconfidence = 'policy'\nsource = 'an indicator'\n\
    [[score]]\nkey = 's'\nen = 'S'\nparts = [{ indicator = 'i' }]\ngrades = [{ grade = 'fine', from = 0 }]\nconfidence = 'policy'\nsource = 'a score'\n";

#[test]
fn phrases_are_put_into_chinese() {
    let zh = "[zh]\n'a norm' = '一项定额'\nhall = '大厅'\n";
    let parent = format!("{WORDY}{zh}");
    let pack = read(&[("wordy.toml", &parent)]).unwrap();
    assert_eq!((pack.chinese("a norm"), pack.chinese("hall")), (Some("一项定额"), Some("大厅")));
    assert_eq!((pack.chinese("a note"), pack.chinese("never said")), (None, None));
    let phrases: Vec<&str> = pack.phrases().map(|(phrase, _)| phrase).collect();
    let expected = "A title|a figure|a norm|a note|a rule|a score|a share|an indicator|an own share|another rule|beds|doctors|fine|hall|homes|new|ring";
    assert_eq!(phrases.join("|"), expected);
    // a child inherits words as it does figures, puts them otherwise, and forgets those of a row that it drops
    let child = "key = 'c'\ntitle = 'C'\ninherits = 'wordy.toml'\n[[norm]]\nkey = 'n'\ndrop = true\n\
        [[rule]]\nservice = 'gym'\nwalk_metres = 200\nconfidence = 'policy'\nsource = 'ours'\n\
        [zh]\nours = '本区规定'\nbeds = '床'\n'A title' = '标题'\n";
    let parent = format!("{WORDY}{zh}beds = '床位'\n'a rule' = '规则'\n");
    let pack = read(&[("c.toml", child), ("wordy.toml", &parent)]).unwrap();
    let said = |phrase| pack.chinese(phrase);
    assert_eq!((said("ours"), said("a rule"), said("beds")), (Some("本区规定"), Some("规则"), Some("床")));
    assert_eq!((said("a norm"), said("A title"), said("another rule")), (None, None, None));
}

#[test]
fn chinese_for_what_nobody_says_names_the_line() {
    let head = WORDY.lines().count();
    let check = |zh: &str, line: usize, expected: &str| {
        let error = read(&[("wordy.toml", &format!("{WORDY}[zh]\n{zh}"))]).unwrap_err().to_string();
        let start = format!("wordy.toml, line {}: ", head + 1 + line);
        assert!(error.starts_with(&start) && error.contains(expected), "{error}");
    };
    check("beds = '床'\n'a nrom' = '定额'\n", 2, "nothing says `a nrom`: did you mean `a norm`?");
    check("'F' = '数值'\n", 1, "nothing says `F`");
    check("beds = '床'\n'a norm' = ' '\n", 2, "`a norm` is put into no words");
    check("beds = '床'\nbeds = '床位'\n", 2, "duplicate key");
    // a phrase of the parent that the parent's own table gets wrong is told of the parent
    let child = "key = 'c'\ntitle = 'C'\ninherits = 'wordy.toml'\n";
    let parent = format!("{WORDY}[zh]\nbed = '床'\n");
    let error = read(&[("c.toml", child), ("wordy.toml", &parent)]).unwrap_err().to_string();
    assert!(error.starts_with(&format!("wordy.toml, line {}: ", head + 2)), "{error}");
}
