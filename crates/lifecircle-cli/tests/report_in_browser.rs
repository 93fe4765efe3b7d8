//! The report in a real Chromium: nothing complains, nothing is asked for, every layer draws, the register answers.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::{Path, PathBuf};
use std::process::Command;

use lifecircle_testkit::browser::{Browser, Viewport};
use serde_json::{Value, json};
use tempfile::TempDir;

const DESK: Viewport = Viewport { width: 1280, height: 900, mobile: false };
const TELEPHONE: Viewport = Viewport { width: 390, height: 844, mobile: true };

fn report(folder: &TempDir, study: &str, language: &str) -> PathBuf {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let file = folder.path().join(format!("{language}.html"));
    let done = Command::new(env!("CARGO_BIN_EXE_lifecircle"))
        .args(["report", "--quiet", "--language", language, "--out"])
        .arg(&file)
        .arg(examples.join(study))
        .status()
        .unwrap();
    assert!(done.success());
    file
}

/// Nothing went wrong, and nothing but the file was asked for.
fn is_quiet(page: &mut Browser) {
    assert_eq!(page.complaints(), &[] as &[String]);
    assert_eq!(page.requests().elsewhere, Vec::<String>::new());
}

/// Chooses every layer and says how many shapes it draws.
const EVERY_LAYER: &str = "(() => {
    const layer = document.getElementById('layer'), map = document.getElementById('map');
    return window.lifecircle.layers.map(name => {
        layer.value = name;
        layer.dispatchEvent(new Event('change'));
        return [name, map.dataset.layer === name ? Number(map.dataset.drawn) : -1, document.getElementById('legend').textContent];
    });
})()";

#[test]
#[ignore = "needs Chromium"]
fn every_layer_of_a_town_and_of_an_island_draws() {
    for (study, language, least) in
        [("xinan-new-town/monitoring.toml", "zh", 45), ("isle-of-man/study.toml", "en", 15)]
    {
        let folder = tempfile::tempdir().unwrap();
        let mut page = Browser::open(&report(&folder, study, language), DESK);
        let layers = page.evaluate(EVERY_LAYER);
        let layers = layers.as_array().unwrap();
        assert!(layers.len() >= least, "{} layers of {study}", layers.len());
        for layer in layers {
            assert!(layer[1].as_i64().unwrap() > 0, "{study}: {layer}");
            assert!(!layer[2].as_str().unwrap().is_empty(), "a legend: {layer}");
        }
        is_quiet(&mut page);
    }
}

#[test]
#[ignore = "needs Chromium"]
fn the_register_answers_a_question_and_opens_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    let mut page = Browser::open(&report(&folder, "xinan-new-town/gb50180.toml", "zh"), DESK);
    let choose = |filter: &str, value: &str| {
        format!(
            "(() => {{ const select = document.querySelector('[data-filter={filter}]'); select.value = '{value}';
                select.dispatchEvent(new Event('change')); return select.value; }})()"
        )
    };
    assert_eq!(page.evaluate(&choose("service_name", "幼儿园")), "幼儿园");
    assert_eq!(page.evaluate(&choose("unit_kind", "社区")), "社区");
    let row = page
        .evaluate("[...document.querySelector('#register tbody tr').children].map(cell => cell.textContent)");
    let cell = |at: usize| row[at].as_str().unwrap().to_owned();
    assert_eq!(cell(0), "幼儿园");
    assert!(cell(1).ends_with("社区"), "{row}");
    assert!(cell(3).contains("3—5岁"), "how many children: {row}");
    assert!(cell(4).contains("GB 50180-2018"), "which clause: {row}");
    assert!(cell(5).contains(" m"), "how far: {row}");
    assert_eq!(cell(6), "2025-07-01", "since when");
    let told = page.evaluate(
        "(() => { document.querySelector('#register tbody tr').click();
            return document.querySelector('#register td.detail').textContent; })()",
    );
    assert!(told.as_str().unwrap().contains("措施"), "{told}");
    // the summary links to its problems
    let shown = page.evaluate(
        "new Promise(done => { document.querySelector('#summary a[href^=\"#problem-\"]').click();
            setTimeout(() => done(document.querySelectorAll('#register tbody tr[data-row]').length), 300); })",
    );
    assert_eq!(shown, json!(1), "the one that was asked for");
    is_quiet(&mut page);
}

#[test]
#[ignore = "needs Chromium"]
fn a_touch_of_the_map_tells_of_a_place_and_of_a_unit() {
    let folder = tempfile::tempdir().unwrap();
    let mut page = Browser::open(&report(&folder, "xinan-new-town/study.toml", "en"), DESK);
    let touch = |layer: &str, what: &str| {
        format!(
            "(() => {{
                const layer = document.getElementById('layer'), map = document.getElementById('map');
                layer.value = '{layer}'; layer.dispatchEvent(new Event('change'));
                map.scrollIntoView({{ behavior: 'instant' }});
                const matrix = map.getScreenCTM(), data = JSON.parse(document.getElementById('map-data').textContent);
                const at = {what};
                const point = new DOMPoint(at[0], at[1]).matrixTransform(matrix);
                const target = document.elementFromPoint(point.x, point.y);
                for (const type of ['pointerdown', 'pointerup'])
                    target.dispatchEvent(new PointerEvent(type, {{ clientX: point.x, clientY: point.y, bubbles: true, pointerId: 1 }}));
                return document.getElementById('told').textContent;
            }})()"
        )
    };
    let home = page.evaluate(&touch("lacking", "[data.marks.x[0], data.marks.y[0]]"));
    assert!(home.as_str().unwrap().contains("Lacks"), "{home}");
    let unit = page.evaluate(&touch("mean", "[data.marks.x[0], data.marks.y[0]]"));
    assert!(unit.as_str().unwrap().contains("Required services"), "{unit}");
    let zoomed = page.evaluate(
        "(() => { const map = document.getElementById('map'), before = map.viewBox.baseVal.width;
            document.getElementById('zoom-in').click(); const near = map.viewBox.baseVal.width;
            document.getElementById('zoom-all').click(); return [near < before, map.viewBox.baseVal.width === before]; })()",
    );
    assert_eq!(zoomed, json!([true, true]));
    let by_keys = page.evaluate(
        "(() => { const map = document.getElementById('map'), press = key => map.dispatchEvent(new KeyboardEvent('keydown', { key }));
            map.focus(); const before = map.viewBox.baseVal.width; press('+'); const near = map.viewBox.baseVal.width;
            const west = map.viewBox.baseVal.x; press('ArrowRight'); const east = map.viewBox.baseVal.x;
            return [document.activeElement === map, near < before, east > west]; })()",
    );
    assert_eq!(by_keys, json!([true, true, true]));
    is_quiet(&mut page);
}

#[test]
#[ignore = "needs Chromium"]
fn it_fits_a_telephone_and_paper() {
    let folder = tempfile::tempdir().unwrap();
    let file = report(&folder, "xinan-new-town/monitoring.toml", "zh");
    let mut page = Browser::open(&file, TELEPHONE);
    let [width, window] =
        ["document.documentElement.scrollWidth", "window.innerWidth"].map(|what| page.evaluate(what));
    assert_eq!(width, window, "nothing is wider than the telephone");
    let small = page.evaluate(
        "[...document.querySelectorAll('main p, main td, main th')].filter(text => text.offsetParent
            && parseFloat(getComputedStyle(text).fontSize) < 11).length",
    );
    assert_eq!(small, json!(0), "letters that nobody can read");
    let pdf = page.print_pdf();
    assert!(pdf.starts_with(b"%PDF") && pdf.len() > 100_000, "{} bytes of paper", pdf.len());
    is_quiet(&mut page);
    assert_ne!(page.evaluate("document.title"), Value::Null);
}
