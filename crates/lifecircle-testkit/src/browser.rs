//! A page in a real browser: Chromium without a window, asked over its debugging protocol.
//!
//! A [`Browser`] opens one HTML file, offline, and notes everything that goes wrong and everything that is asked for.
//! It lives a minute at most: whatever takes longer fails the test, and the process is gone when the value is.
//!
//! Commands are numbered, answers carry the number, and events come between them in the order in which they happened;
//! so after an answer all that happened before it is known.

mod base64;
mod pipe;

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use pipe::Pipe;

/// The window in which a page is shown, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewport {
    /// Its width.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// Whether it is a telephone's: a viewport of the page's own, scrollbars over the page, fingers.
    pub mobile: bool,
}

/// What a page asked for beyond its own file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requests {
    /// From somewhere else: other files, the network, sockets.
    pub elsewhere: Vec<String>,
    /// From itself: `data:` and `blob:`.
    pub within: Vec<String>,
}

/// A file that Chromium shows.
#[derive(Debug)]
pub struct Browser {
    pipe: Pipe,
    session: String,
    last: u64,
    address: String,
    /// Whether the file itself has been asked for.
    is_asked: bool,
    is_loaded: bool,
    complaints: Vec<String>,
    requests: Requests,
    /// Session and address by number of the request, until it has been answered. A worker's own file is asked for in the
    /// page's session and answered in the worker's.
    open: BTreeMap<String, (String, String)>,
}

/// How long a browser lives at most.
const LIFE: Duration = Duration::from_secs(60);

const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // nothing leaves the machine, whatever a page asks for
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--hide-scrollbars",
];

impl Browser {
    /// The program that shows pages: what `LIFECIRCLE_CHROMIUM` names, or else the first of `chromium`,
    /// `chromium-browser` and `google-chrome` on the path; `None` where there is none.
    #[must_use]
    pub fn find() -> Option<PathBuf> {
        if let Some(named) = env::var_os("LIFECIRCLE_CHROMIUM").filter(|named| !named.is_empty()) {
            return Some(PathBuf::from(named)).filter(|program| program.is_file());
        }
        let path = env::var_os("PATH")?;
        let names = ["chromium", "chromium-browser", "google-chrome"];
        names
            .iter()
            .find_map(|name| env::split_paths(&path).map(|folder| folder.join(name)).find(|p| p.is_file()))
    }

    /// Opens a file and waits until it is loaded. The page is offline.
    ///
    /// # Panics
    /// When there is no browser, no such file, or no loaded page within the minute.
    #[must_use]
    pub fn open(file: &Path, viewport: Viewport) -> Self {
        let program = Self::find().expect("Chromium is needed; `.ci/browser` installs it where it may");
        let file = file.canonicalize().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut browser = Self {
            pipe: Pipe::start(&program, FLAGS, LIFE),
            session: String::new(),
            last: 0,
            address: address(&file),
            is_asked: false,
            is_loaded: false,
            complaints: vec![],
            requests: Requests::default(),
            open: BTreeMap::new(),
        };
        let target = browser.ask("Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        browser.session = text(&browser.ask("Target.attachToTarget", attach)["sessionId"]).to_owned();
        browser.ask("Page.enable", json!({}));
        browser.listen(&browser.session.clone());
        let Viewport { width, height, mobile } = viewport;
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile });
        browser.ask("Emulation.setDeviceMetricsOverride", metrics);
        browser.ask("Emulation.setTouchEmulationEnabled", json!({ "enabled": mobile }));
        let page = browser.ask("Page.navigate", json!({ "url": browser.address }));
        assert!(page["errorText"].is_null(), "{}: {}", file.display(), text(&page["errorText"]));
        while !browser.is_loaded {
            let event = browser.pipe.receive("the page");
            browser.note(&event);
        }
        browser
    }

    /// The value of an expression in the page; a promise is waited for, and what JSON cannot say is null.
    ///
    /// # Panics
    /// When the expression throws, or takes longer than the browser lives.
    pub fn evaluate(&mut self, js: &str) -> Value {
        let asked =
            json!({ "expression": js, "returnByValue": true, "awaitPromise": true, "userGesture": true });
        let mut answer = self.ask("Runtime.evaluate", asked);
        assert!(answer["exceptionDetails"].is_null(), "{js}: {}", thrown(&answer["exceptionDetails"]));
        answer["result"]["value"].take()
    }

    /// What has gone wrong so far, in order: warnings and errors of the console and of the browser's own log, exceptions
    /// that nobody caught, loads that failed.
    ///
    /// # Panics
    /// When a load has not ended within the browser's life.
    pub fn complaints(&mut self) -> &[String] {
        self.settle();
        &self.complaints
    }

    /// What the page has asked for so far, in order.
    ///
    /// # Panics
    /// When a load has not ended within the browser's life.
    pub fn requests(&mut self) -> &Requests {
        self.settle();
        &self.requests
    }

    /// The page as it would be printed, a PDF.
    ///
    /// # Panics
    /// When the browser does not answer.
    pub fn print_pdf(&mut self) -> Vec<u8> {
        let options = json!({ "printBackground": true, "preferCSSPageSize": true });
        base64::decode(text(&self.ask("Page.printToPDF", options)["data"]))
    }

    /// What the viewport shows, a PNG.
    ///
    /// # Panics
    /// When the browser does not answer.
    pub fn screenshot(&mut self) -> Vec<u8> {
        let options = json!({ "format": "png" });
        base64::decode(text(&self.ask("Page.captureScreenshot", options)["data"]))
    }

    /// Takes a page, or a worker of it, off the network and hears what it says. Its own workers wait to be heard.
    fn listen(&mut self, session: &str) {
        let offline =
            json!({ "offline": true, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        let workers = json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true });
        self.send(session, "Network.enable", json!({}));
        self.send(session, "Network.emulateNetworkConditions", offline);
        self.send(session, "Log.enable", json!({}));
        self.send(session, "Runtime.enable", json!({}));
        self.send(session, "Target.setAutoAttach", workers);
        self.send(session, "Runtime.runIfWaitingForDebugger", json!({}));
    }

    /// Sends a command, whose number it gives.
    fn send(&mut self, session: &str, method: &str, params: Value) -> u64 {
        self.last += 1;
        let mut command = json!({ "id": self.last, "method": method, "params": params });
        if !session.is_empty() {
            command["sessionId"] = session.into();
        }
        self.pipe.send(&command);
        self.last
    }

    /// Sends a command to the page and gives its result.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        let number = self.send(&self.session.clone(), method, params);
        loop {
            let mut message = self.pipe.receive(method);
            if message["id"] == number {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].take();
            }
            self.note(&message);
        }
    }

    /// Waits until everything that the page has asked for came or failed.
    fn settle(&mut self) {
        // a turn of the page's own clock, so that what it has begun is begun
        self.evaluate("new Promise(done => setTimeout(done, 0))");
        while let Some((_, address)) = self.open.values().next().cloned() {
            let event = self.pipe.receive(&address);
            self.note(&event);
        }
    }

    fn note(&mut self, event: &Value) {
        let params = &event["params"];
        let session = text(&event["sessionId"]);
        let request = text(&params["requestId"]);
        match text(&event["method"]) {
            "Page.loadEventFired" => self.is_loaded = true,
            "Runtime.consoleAPICalled" => {
                let kind = text(&params["type"]);
                if matches!(kind, "error" | "warning" | "assert") {
                    let words: Vec<String> = list(&params["args"]).iter().map(spoken).collect();
                    self.complaints.push(format!("console {kind}: {}", words.join(" ")));
                }
            }
            "Runtime.exceptionThrown" => {
                self.complaints.push(format!("exception: {}", thrown(&params["exceptionDetails"])));
            }
            "Log.entryAdded" => {
                let entry = &params["entry"];
                let level = text(&entry["level"]);
                if matches!(level, "error" | "warning") {
                    let (what, address) = (text(&entry["text"]), text(&entry["url"]));
                    self.complaints.push(format!("log {level}: {what} {address}").trim_end().to_owned());
                }
            }
            // the page itself has no session before it
            "Target.attachedToTarget" if !session.is_empty() => self.listen(text(&params["sessionId"])),
            "Target.detachedFromTarget" => {
                let gone = text(&params["sessionId"]);
                self.open.retain(|_, (session, _)| session != gone);
            }
            "Network.requestWillBeSent" => self.asked(session, request, text(&params["request"]["url"])),
            "Network.webSocketCreated" => self.requests.elsewhere.push(text(&params["url"]).to_owned()),
            "Network.loadingFinished" => {
                self.open.remove(request);
            }
            "Network.loadingFailed" => {
                let (_, address) = self.open.remove(request).unwrap_or_default();
                self.complaints.push(format!("failed: {address}: {}", text(&params["errorText"])));
            }
            _ => {}
        }
    }

    fn asked(&mut self, session: &str, request: &str, address: &str) {
        let address = address.to_owned();
        self.open.insert(request.to_owned(), (session.to_owned(), address.clone()));
        if !self.is_asked && address == self.address {
            self.is_asked = true;
        } else if ["data:", "blob:"].iter().any(|scheme| address.starts_with(scheme)) {
            self.requests.within.push(address);
        } else {
            self.requests.elsewhere.push(address);
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// What a value of the page looks like in its console.
fn spoken(value: &Value) -> String {
    match (&value["value"], &value["description"]) {
        (Value::String(words), _) | (Value::Null, Value::String(words)) => words.clone(),
        (Value::Null, _) => text(&value["type"]).to_owned(),
        (other, _) => other.to_string(),
    }
}

fn thrown(details: &Value) -> String {
    let what = spoken(&details["exception"]);
    if what.is_empty() { text(&details["text"]).to_owned() } else { what }
}

/// The address of a file: every byte but those of plain names in hexadecimal digits.
fn address(file: &Path) -> String {
    let mut address = String::from("file://");
    for byte in file.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(byte) {
            address.push(char::from(*byte));
        } else {
            // writing to a string cannot fail
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_hold_plain_letters_alone() {
        assert_eq!(address(Path::new("/tmp/a b#1?.html")), "file:///tmp/a%20b%231%3F.html");
        assert_eq!(address(Path::new("/报")), "file:///%E6%8A%A5");
    }

    #[test]
    fn values_are_spoken_as_in_the_console() {
        let check = |value: Value, expected: &str| assert_eq!(spoken(&value), expected);
        check(json!({ "type": "string", "value": "five" }), "five");
        check(json!({ "type": "number", "value": 5 }), "5");
        check(json!({ "type": "object", "description": "Error: five" }), "Error: five");
        check(json!({ "type": "undefined" }), "undefined");
        assert_eq!(thrown(&json!({ "text": "Uncaught" })), "Uncaught");
    }
}
