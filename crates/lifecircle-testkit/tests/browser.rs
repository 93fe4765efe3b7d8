//! What the browser of the test kit tells of pages, in a real Chromium.

use std::fs;
use std::path::PathBuf;

use lifecircle_testkit::browser::{Browser, Viewport};

const DESK: Viewport = Viewport { width: 800, height: 600, mobile: false };

/// Writes a page, shows it, and takes it away again.
fn shown(name: &str, body: &str, viewport: Viewport) -> Browser {
    let file: PathBuf = std::env::temp_dir().join(format!("lifecircle {name} {}.html", std::process::id()));
    let head = "<!doctype html><html lang=en><meta charset=utf-8><title>A page</title>";
    fs::write(&file, format!("{head}{body}")).expect("the page can be written");
    let browser = Browser::open(&file, viewport);
    fs::remove_file(&file).expect("the page can be taken away");
    browser
}

#[test]
#[ignore = "needs Chromium"]
fn a_good_page_has_nothing_to_complain_of() {
    let body = "<style>body { margin: 0 } @media print { p { color: red } }</style><p id=p>生活圈</p>
        <img alt='' src='data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\"/>'>
        <script>console.log('fine'); let later = new Promise(done => setTimeout(() => done({ a: [1, 2] }), 30))</script>";
    let mut browser = shown("good", body, DESK);
    assert_eq!(browser.evaluate("document.getElementById('p').textContent"), "生活圈");
    assert_eq!(browser.evaluate("later").to_string(), r#"{"a":[1,2]}"#);
    assert_eq!(browser.evaluate("[innerWidth, innerHeight, navigator.onLine].join()"), "800,600,false");
    assert!(browser.evaluate("undefined").is_null());
    let pdf = browser.print_pdf();
    assert!(pdf.starts_with(b"%PDF-") && pdf.trim_ascii_end().ends_with(b"%%EOF"), "{} bytes", pdf.len());
    let png = browser.screenshot();
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"), "{} bytes", png.len());
    // width and height of the first chunk, big endian
    assert_eq!((&png[16..20], &png[20..24]), (&800_u32.to_be_bytes()[..], &600_u32.to_be_bytes()[..]));
    assert_eq!(browser.complaints(), [""; 0]);
    assert_eq!(browser.requests().elsewhere, [""; 0]);
    let within = &browser.requests().within;
    assert!(within.len() == 1 && within[0].starts_with("data:image/svg+xml"), "{within:?}");
}

#[test]
#[ignore = "needs Chromium"]
fn a_telephone_has_a_viewport_of_the_pages_own() {
    let telephone = Viewport { width: 390, height: 844, mobile: true };
    let mut browser =
        shown("telephone", "<meta name=viewport content='width=device-width'><p>a</p>", telephone);
    assert_eq!(browser.evaluate("innerWidth"), 390);
    assert_eq!(browser.evaluate("matchMedia('(pointer: coarse)').matches"), true);
}

#[test]
#[ignore = "needs Chromium"]
fn the_console_is_heard() {
    let body =
        "<script>console.info('quiet'); console.warn('mind', 5); console.error(new Error('broken'))</script>";
    let mut browser = shown("console", body, DESK);
    let found = browser.complaints();
    assert_eq!(found[0], "console warning: mind 5");
    assert!(found[1].starts_with("console error: Error: broken"), "{found:?}");
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
#[ignore = "needs Chromium"]
fn what_nobody_catches_is_told() {
    let body =
        "<script>setTimeout(() => { throw new TypeError('thrown') }); Promise.reject('refused')</script>";
    let mut browser = shown("throws", body, DESK);
    let found = browser.complaints().join("\n");
    assert!(
        found.contains("exception: TypeError: thrown") && found.contains("exception: refused"),
        "{found}"
    );
}

#[test]
#[ignore = "needs Chromium"]
fn an_image_from_elsewhere_is_told() {
    let body = "<img alt='' src='http://pictures.invalid/a.png'>";
    let mut browser = shown("image", body, DESK);
    assert_eq!(browser.requests().elsewhere, ["http://pictures.invalid/a.png"]);
    let found = browser.complaints().join("\n");
    assert!(found.contains("failed: http://pictures.invalid/a.png: net::ERR_"), "{found}");
}

#[test]
#[ignore = "needs Chromium"]
fn what_a_page_fetches_is_told() {
    let body = "<script>
        fetch('https://data.invalid/a.json').catch(() => 0);
        fetch('beside.json').catch(() => 0);
        fetch(URL.createObjectURL(new Blob(['own'])));
        try { new WebSocket('wss://data.invalid/live') } catch {}
        </script>";
    let mut browser = shown("fetch", body, DESK);
    let requests = browser.requests();
    let asked = |end: &str| requests.elsewhere.iter().any(|address| address.ends_with(end));
    assert!(asked("//data.invalid/a.json") && asked("/live"), "{requests:?}");
    assert!(requests.within.len() == 1 && requests.within[0].starts_with("blob:"), "{requests:?}");
    let found = browser.complaints().join("\n");
    assert!(found.contains("beside.json"), "another file is out of reach, and that is told: {found}");
}

#[test]
#[ignore = "needs Chromium"]
fn workers_are_heard_as_pages_are() {
    let body = "<script>
        const lines = `fetch('https://data.invalid/w.json').catch(() => console.error('in a worker')).then(() => postMessage(5))`;
        const worker = new Worker(URL.createObjectURL(new Blob([lines])));
        let answer = new Promise(done => worker.onmessage = event => done(event.data));
        </script>";
    let mut browser = shown("worker", body, DESK);
    assert_eq!(browser.evaluate("answer"), 5);
    assert_eq!(browser.requests().elsewhere, ["https://data.invalid/w.json"]);
    assert!(browser.requests().within.iter().all(|address| address.starts_with("blob:")));
    let found = browser.complaints().join("\n");
    assert!(found.contains("console error: in a worker"), "{found}");
}

#[test]
#[ignore = "needs Chromium"]
#[should_panic(expected = "ReferenceError: nothing is not defined")]
fn an_expression_that_throws_fails_the_test() {
    let mut browser = shown("wrong", "", DESK);
    browser.evaluate("nothing.at.all");
}
