//! Packs and what is scored by them.

use std::fs;

use tempfile::TempDir;

use crate::town::{PACK, fault, lifecircle, put, sound_town};

#[test]
fn packs_are_checked_and_shown() {
    let town = sound_town();
    let folder = town.path();
    put(folder, "nation.toml", PACK.replace("'own'", "'nation'"));
    let child = "key = 'city'\ntitle = 'City'\ninherits = 'nation.toml'\n[[rule]]\nservice = 'pharmacy'\n\
                 requirement = 'as_needed'\n[[rule]]\nservice = 'beautiful_space'\none_in = 'community'\n\
                 requirement = 'must'\nconfidence = 'policy'\nsource = 'city'\n";
    put(folder, "city.toml", child);
    let check = |pack: &str| {
        lifecircle().arg("check-pack").arg(folder.join(pack)).output().expect("the command starts")
    };
    let output = check("city.toml");
    let text = String::from_utf8_lossy(&output.stdout);
    for part in [
        "city: City",
        "inherits from nation",
        "2 rules (1 must, 1 as needed, 0 feature), 0 norms, 0 indicators, 0 scores, 0 figures",
        "1 policy, 1 memory",
        "walk of 15 min",
        "no map shows these, which are required; they need a table: beautiful space",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    put(
        folder,
        "nation.toml",
        PACK.replace("'own'", "'nation'").replace("title = 'Own'", "title = 'Own'\ninherits = 'city.toml'"),
    );
    let circle = check("city.toml");
    assert_eq!(fault(&circle, &["nation.toml, line 3", "city → nation → city", "cut the circle"]), None);
    let unknown = lifecircle().args(["check-pack", "cn-shangai"]).output().expect("the command starts");
    assert_eq!(fault(&unknown, &["cn-shangai", "cn-shanghai", "international-15min"]), None);
}

#[test]
fn cities_that_go_first_are_chosen_from_a_table() {
    let folder = TempDir::new().expect("a folder");
    let judged = |city: &str, points: [u32; 4], people: u32| {
        let keys = ["pilot_economy", "pilot_plan", "pilot_support", "pilot_readiness"];
        let points: Vec<String> =
            keys.iter().zip(points).map(|(key, points)| format!("{key},{city},{points}\n")).collect();
        points.concat() + &format!("pilot_urban_residents,{city},{people}\n")
    };
    let values = [
        "key,unit,value\n".to_owned(),
        judged("Large", [90, 80, 85, 75], 15_000_000),
        judged("Small", [95, 95, 95, 95], 900_000),
        judged("Middling", [70, 60, 50, 40], 1_000_000),
    ];
    put(folder.path(), "cities.csv", values.concat());
    let out = folder.path().join("out");
    let score = |more: &[&str]| {
        let mut command = lifecircle();
        command.arg("score").arg("cn-embedded-guide").arg(folder.path().join("cities.csv"));
        command.args(["--date", "2025-01-01", "--out"]).arg(&out).args(more).output().expect("it starts")
    };
    let said = score(&[]);
    let text = String::from_utf8_lossy(&said.stdout);
    assert!(text.contains("pilot_cities: 2 of 3 units chosen, up to 50 wanted"), "{text}");
    let table = fs::read_to_string(out.join("scores.csv")).expect("a table");
    let row = |city: &str| table.lines().find(|line| line.contains(city)).expect("a row").to_owned();
    assert!(row("Small").contains(",95.0,95.0,A,") && row("Small").contains(",missed,false,"), "{table}");
    assert!(row("Large").contains(",82.5,82.5,B,") && row("Large").contains(",met,true,"), "{table}");
    assert!(row("Middling").contains(",met,true,"), "a million is enough: {table}");
    let unknown = score(&["--key", "pilot_villages"]);
    assert_eq!(fault(&unknown, &["cities.csv", "pilot_cities, pilot_communities", "column `key`"]), None);
}
