//! A person with a real browser. Every page that the person comes to must be sound: accessible, no wider than a small
//! phone, without complaints in the console, and with the headers that every page has.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::judges::tool;

/// A Chromium of its own, driven by `tools/browser/driver.mjs`.
#[derive(Clone)]
pub struct Chromium(Rc<RefCell<Driver>>);

struct Driver {
    process: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// Whether scripts run.
#[derive(Clone, Copy, PartialEq)]
pub enum Scripts {
    On,
    Off,
}

/// One tab of a browser with its own cookies.
pub struct Tab {
    chromium: Chromium,
    page: u64,
}

/// What a person has before them.
#[derive(Debug, Deserialize)]
pub struct Page {
    pub url: String,
    pub status: u16,
    headers: std::collections::BTreeMap<String, String>,
    complaints: Vec<String>,
    html: Option<Html>,
}

#[derive(Debug, Deserialize)]
struct Html {
    heading: String,
    title: String,
    language: String,
    text: String,
    /// What axe-core finds: its rules for WCAG 2.2 A and AA, and its best practices.
    accessibility: Vec<Value>,
    wide: Vec<String>,
}

/// Where the keyboard is.
#[derive(Debug, Deserialize)]
struct Focus {
    name: String,
    /// On screen, and marked.
    seen: bool,
}

impl Chromium {
    /// `None` after saying what is missing.
    pub fn start() -> Option<Self> {
        let folder = std::env::var_os("SIGILL_BROWSER").unwrap_or_default();
        let core = Path::new(&folder).join("node_modules/playwright-core/package.json");
        tool("playwright-core (SIGILL_BROWSER)", Some(core))?;
        let chromium = tool("chromium", None)?;
        let mut process = Command::new(tool("node", None)?)
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/browser/driver.mjs"))
            .env("CHROMIUM", chromium)
            .env("PICTURES", std::thread::current().name().unwrap_or("page"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (commands, answers) = (process.stdin.take().unwrap(), BufReader::new(process.stdout.take().unwrap()));
        Some(Self(Rc::new(RefCell::new(Driver { process, commands, answers }))))
    }

    /// A browser without cookies, of somebody who prefers `language`.
    pub fn browser(&self, language: &str, scripts: Scripts) -> Tab {
        self.tab(&json!({ "do": "browser", "language": language, "javascript": scripts == Scripts::On }))
    }

    fn tab(&self, command: &Value) -> Tab {
        let opened: Value = self.0.borrow_mut().run(command);
        Tab { chromium: self.clone(), page: opened["page"].as_u64().unwrap() }
    }
}

impl Driver {
    fn run<T: DeserializeOwned>(&mut self, command: &Value) -> T {
        writeln!(self.commands, "{command}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let mut answer: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{command}: the driver ended"));
        assert!(answer["error"].is_null(), "{command}: {}", answer["error"]);
        serde_json::from_value(answer["ok"].take()).unwrap()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Tab {
    /// Another tab of the same browser.
    pub fn another(&self) -> Self {
        self.chromium.tab(&json!({ "do": "tab", "page": self.page }))
    }

    pub fn open(&self, url: &str) -> Page {
        self.look("open", json!({ "url": url }))
    }

    /// Presses the button or link that is called exactly `name`.
    pub fn press(&self, name: &str) -> Page {
        self.look("press", json!({ "name": name }))
    }

    /// Shows what hides behind `name`.
    pub fn unfold(&self, name: &str) -> Page {
        self.look("unfold", json!({ "name": name }))
    }

    pub fn back(&self) -> Page {
        self.look("back", json!({}))
    }

    /// Types into the field, or picks from the list, with that label.
    pub fn fill(&self, label: &str, value: &str) {
        self.run::<Value>("fill", json!({ "label": label, "value": value }));
    }

    pub fn choose(&self, label: &str) {
        self.run::<Value>("choose", json!({ "label": label }));
    }

    /// Saves what the link leads to.
    pub fn save(&self, name: &str, to: &Path) {
        self.run::<Value>("save", json!({ "name": name, "to": to }));
    }

    /// Where Tab moves the focus; it must be visible there.
    pub fn next_stop(&self) -> String {
        let focus: Focus = self.run("key", json!({ "key": "Tab" }));
        assert!(focus.seen, "the focus is not visible on {:?}", focus.name);
        focus.name
    }

    /// Moves the focus with Tab until it stands on `name`.
    pub fn tab_to(&self, name: &str) {
        let mut stops = Vec::new();
        while stops.last().is_none_or(|stop| stop != name) {
            assert!(stops.len() < 40, "Tab does not lead to {name:?} but to {stops:?}");
            stops.push(self.next_stop());
        }
    }

    /// Presses a key on what has the focus.
    pub fn key(&self, key: &str) {
        self.run::<Value>("key", json!({ "key": key }));
    }

    /// Enter on something that leads somewhere.
    pub fn enter(&self) -> Page {
        self.look("enter", json!({}))
    }

    fn look(&self, what: &str, arguments: Value) -> Page {
        let page: Page = self.run(what, arguments);
        page.assert_sound();
        page
    }

    fn run<T: DeserializeOwned>(&self, what: &str, mut command: Value) -> T {
        command["do"] = json!(what);
        command["page"] = json!(self.page);
        self.chromium.0.borrow_mut().run(&command)
    }
}

impl Page {
    pub fn heading(&self) -> &str {
        self.html.as_ref().map_or("", |html| &html.heading)
    }

    pub fn title(&self) -> &str {
        self.html.as_ref().map_or("", |html| &html.title)
    }

    /// `lang` of the page.
    pub fn language(&self) -> &str {
        self.html.as_ref().map_or("", |html| &html.language)
    }

    /// Everything that can be read.
    pub fn text(&self) -> &str {
        self.html.as_ref().map_or("", |html| &html.text)
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    fn assert_sound(&self) {
        let at = format!("{:?} at {}", self.heading(), self.url);
        assert_eq!(self.complaints, [""; 0], "{at} complains");
        for (name, value) in [("referrer-policy", "no-referrer"), ("cache-control", "no-store"), ("x-content-type-options", "nosniff")] {
            assert_eq!(self.header(name), value, "{name} of {at}");
        }
        let Some(html) = &self.html else { return };
        let policy = self.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{at}: {policy}");
        assert!(!policy.contains("unsafe"), "{at}: {policy}");
        assert_eq!(html.wide, [""; 0], "{at} is too wide");
        assert!(html.accessibility.is_empty(), "{at} is not accessible: {:#?}", html.accessibility);
        assert!(!html.heading.is_empty() && !html.title.is_empty() && !html.language.is_empty(), "{at}");
    }
}
