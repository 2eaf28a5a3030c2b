//! The embedded index's pages in a real browser: headless Chromium, driven by its own driver.
//!
//! Where there is no Chromium the test says so aloud; in CI that is a failure, for a test that is left out must not
//! look like one that passed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::support::{TestIndex, World};
use crate::yank::{released_where_people_yank, with_a_person};

/// A browser with one window; it ends with this value.
struct Browser {
    driver: Child,
    session: String,
    _profile: tempfile::TempDir,
}

/// The first of these programs on the search path.
fn program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}

impl Browser {
    /// Starts a browser that likes light or dark pages; `None` where there is none, which is said aloud.
    #[expect(
        clippy::print_stderr,
        reason = "what a test leaves out is said to whoever runs it"
    )]
    fn start(width: u32, dark: bool) -> Option<Self> {
        let chromium = program(&["chromium", "chromium-browser", "google-chrome"]);
        let Some((chromium, driver)) = chromium.zip(program(&["chromedriver"])) else {
            let message =
                "the pages were not tried in a browser: there is no chromium with chromedriver";
            assert!(std::env::var_os("CI").is_none(), "{message}");
            eprintln!("LEFT OUT: {message}");
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        let mut driver = Command::new(driver)
            .arg("--port=0")
            .env("HOME", profile.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines
            .map(|line| line.unwrap())
            .find_map(|line| {
                let rest = line.split("started successfully on port ").nth(1)?;
                Some(rest.trim_end_matches('.').to_owned())
            })
            .expect("chromedriver says its port");
        let mut arguments = vec![
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--no-proxy-server".to_owned(),
            format!("--window-size={width},1000"),
            format!("--user-data-dir={}", profile.path().display()),
        ];
        if dark {
            arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
        }
        let mut browser = Self {
            driver,
            session: format!("http://127.0.0.1:{port}/session"),
            _profile: profile,
        };
        let options = json!({ "binary": chromium, "args": arguments });
        let started = browser.post(
            "",
            &json!({ "capabilities": { "alwaysMatch": { "goog:chromeOptions": options } } }),
        );
        let id = started["sessionId"].as_str().expect("a session");
        browser.session = format!("{}/{id}", browser.session);
        Some(browser)
    }

    #[track_caller]
    fn post(&self, command: &str, body: &Value) -> Value {
        self.ask("POST", command, &body.to_string())
    }

    #[track_caller]
    fn ask(&self, method: &str, command: &str, body: &str) -> Value {
        let url = format!("{}{command}", self.session);
        let (status, answer) = exchange(method, &url, body);
        assert_eq!(status, 200, "{command}: {answer}");
        serde_json::from_str::<Value>(&answer).unwrap()["value"].clone()
    }

    fn open(&self, url: &str) {
        self.post("/url", &json!({ "url": url }));
    }

    fn url(&self) -> String {
        self.ask("GET", "/url", "").as_str().unwrap().to_owned()
    }

    /// The address of an element's commands.
    #[track_caller]
    fn element(&self, using: &str, value: &str) -> String {
        let found = self.post("/element", &json!({ "using": using, "value": value }));
        let id = found.as_object().unwrap().values().next().unwrap();
        format!("/element/{}", id.as_str().unwrap())
    }

    #[track_caller]
    fn text(&self, selector: &str) -> String {
        let element = self.element("css selector", selector);
        self.ask("GET", &format!("{element}/text"), "")
            .as_str()
            .unwrap()
            .to_owned()
    }

    #[track_caller]
    fn click(&self, selector: &str) {
        let element = self.element("css selector", selector);
        self.post(&format!("{element}/click"), &json!({}));
    }

    #[track_caller]
    fn follow(&self, link: &str) {
        let element = self.element("link text", link);
        self.post(&format!("{element}/click"), &json!({}));
    }

    #[track_caller]
    fn write(&self, selector: &str, text: &str) {
        let element = self.element("css selector", selector);
        self.post(&format!("{element}/value"), &json!({ "text": text }));
    }

    fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({ "script": script, "args": [] }))
    }
}

/// A request to the driver, which speaks HTTP/1.1 alone and ends no connection.
fn exchange(method: &str, url: &str, body: &str) -> (u16, String) {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(
            reader.read_line(&mut head).unwrap() > 0,
            "no answer to {method} {url}"
        );
    }
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_it = name.eq_ignore_ascii_case("content-length");
        is_it.then(|| value.trim().parse().ok()).flatten()
    });
    let mut answer = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut answer).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, String::from_utf8(answer).unwrap())
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Ends the browser itself, then the driver, whose end nobody waits for in vain.
        let url = self.session.clone();
        let _ = std::panic::catch_unwind(|| exchange("DELETE", &url, ""));
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Whether the page is as wide as its window, reachable by landmarks, and labels what it asks for.
#[track_caller]
fn assert_accessible(browser: &Browser) {
    let faults = browser.run(
        "const faults = [];
         for (const name of ['header', 'main', 'nav[aria-label]', 'h1', 'footer', 'a.skip'])
           if (!document.querySelector(name)) faults.push('no ' + name);
         for (const field of document.querySelectorAll('input:not([type=hidden])'))
           if (!field.labels.length) faults.push('no label: ' + field.name);
         if (document.documentElement.scrollWidth > window.innerWidth) faults.push('wider than its window');
         if (!document.documentElement.lang) faults.push('no language');
         const rgb = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number).map(c => {
           c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
         const light = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
         const behind = element => {
           for (let e = element; e.parentElement; e = e.parentElement) {
             const color = getComputedStyle(e).backgroundColor;
             if (!color.startsWith('rgba')) return rgb(color);
           }
           return rgb('rgb(255, 255, 255)'); };
         for (const element of document.querySelectorAll('main *, header a, footer')) {
           if (!element.textContent.trim()) continue;
           const [a, b] = [light(rgb(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
           const contrast = (a + 0.05) / (b + 0.05);
           if (contrast < 4.5) faults.push(contrast.toFixed(1) + ' contrast: ' + element.outerHTML.slice(0, 80));
         }
         return faults;",
    );
    assert_eq!(faults, json!([]), "{}", browser.url());
}

/// Every kind of page, as it is on a wide or narrow, light or dark screen.
#[track_caller]
fn assert_all_accessible(browser: &Browser, index: &TestIndex) {
    let web = index.get("production", "web");
    for path in [
        "",
        "project/demo/",
        "manage/project/demo/release/1.0/",
        "_/requests",
        "help/",
    ] {
        browser.open(&format!("{web}{path}"));
        assert_accessible(browser);
    }
}

fn released() -> (World, TestIndex) {
    released_where_people_yank()
}

#[test]
fn a_person_finds_a_release_switches_realms_and_yanks_what_pubflow_then_sees() {
    let Some(browser) = Browser::start(1280, false) else {
        return;
    };
    let (world, index) = released();
    let [test, production] = ["test", "production"].map(|realm| index.get(realm, "web"));
    browser.open(production);
    browser.follow("demo");
    assert_eq!(browser.text("h1"), "demo 1.0");
    assert!(browser.text("aside").contains("STATUS") || browser.text("aside").contains("Status"));
    assert!(browser.text(".install").contains("simple/ demo==1.0"));
    browser.follow("test");
    assert_eq!(browser.url(), test);
    assert!(browser.text("main").contains("0 projects"));
    browser.follow("production");
    assert_eq!(browser.url(), production);
    assert_all_accessible(&browser, &index);
    with_a_person(
        &world,
        &[
            "yank",
            "demo==1.0",
            "--pypi",
            "--reason",
            "broken on Windows",
        ],
        || {
            browser.open(&format!("{production}project/demo/"));
            browser.follow("manage 1.0");
            browser.write("#reason", "broken on Windows");
            browser.click("#yank");
            assert!(
                browser
                    .text("main")
                    .contains("This release is yanked. broken on Windows")
            );
        },
    );
    let page = index.listing("production", "demo");
    assert_eq!(page["files"][0]["yanked"], "broken on Windows");
    browser.follow("Back to the release");
    assert!(browser.text("p.yanked").contains("broken on Windows"));
    browser.follow("Requests");
    assert!(
        browser
            .text("table")
            .contains("/manage/project/demo/release/1.0/")
    );
}

#[test]
fn pages_are_readable_when_narrow_and_dark() {
    for (width, dark) in [(500, false), (500, true), (1280, true)] {
        let Some(browser) = Browser::start(width, dark) else {
            return;
        };
        let (_world, index) = released();
        browser.open(index.get("production", "web"));
        let is_dark = browser.run("return matchMedia('(prefers-color-scheme: dark)').matches;");
        assert_eq!(is_dark, json!(dark));
        assert_all_accessible(&browser, &index);
    }
}
