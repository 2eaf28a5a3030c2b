//! Kills a real server at random moments of uploads and looks at what its successor shows.
//!
//! The program starts itself again as the server, so that the operating system ends it as it would end `pubflow index
//! serve`: no destructor runs, no buffer is flushed.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "this is a test, but not one that the lints recognise"
)]

#[expect(dead_code, reason = "the other test binary uses the rest of it")]
#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use pubflow_server::{Realm, RealmAddress, Server, ServerOptions};
use pubflow_spec::Sha256;
use pubflow_testkit::WheelBuilder;

use support::http;
use support::upload::Upload;

const JSON: &str = "application/vnd.pypi.simple.v1+json";

/// How often the server is killed under load; `PUBFLOW_CRASH_ROUNDS` changes it for runs by hand.
const N_ROUNDS: u32 = 200;
/// What decides when each kill falls; `PUBFLOW_CRASH_SEED` changes it for runs by hand.
const SEED: u32 = 20_261_128;
const N_CLIENTS: u32 = 3;
/// For each client in a round; what is not sent before the kill is not sent at all.
const N_UPLOADS: u32 = 6;
/// The longest time between the first accepted upload and the kill.
const MOST_DELAY: Duration = Duration::from_millis(40);

/// A number from the environment.
fn setting(name: &str, otherwise: u32) -> u32 {
    let given = std::env::var(name).ok();
    given.map_or(otherwise, |text| text.parse().expect("a number"))
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        ["serve", data] => serve(Path::new(data)),
        arguments if arguments.contains(&"--list") => {}
        _ => {
            half_an_upload_leaves_nothing_and_does_not_stand_in_the_way();
            accepted_files_survive_and_half_ones_never_show();
        }
    }
}

/// Serves until the parent kills this process or goes away.
fn serve(data: &Path) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime
        .block_on(Server::start(ServerOptions::on_free_ports(Some(
            data.to_owned(),
        ))))
        .unwrap();
    let realm = server.realm(Realm::Test);
    println!("{}\n{}", realm.base, realm.token);
    let mut rest = Vec::new();
    std::io::stdin().read_to_end(&mut rest).unwrap();
}

/// A server in a process of its own.
struct Victim {
    child: Child,
    realm: RealmAddress,
}

impl Victim {
    fn start(data: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .arg("serve")
            .arg(data)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut line = || lines.next().expect("the server starts").unwrap();
        let (base, token) = (line(), line());
        let realm = RealmAddress {
            upload: format!("{base}legacy/"),
            simple: format!("{base}simple/"),
            web: base.clone(),
            admin: String::new(),
            admin_token: String::new(),
            base,
            token,
        };
        Self { child, realm }
    }

    /// The signal that cannot be caught.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// The files of all projects: name and digest. Those that are not `known` are downloaded and compared with their listing.
fn shown(realm: &RealmAddress, known: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let get = |path: &str| http::send(&realm.base, "GET", path, &[("Accept", JSON)], b"").unwrap();
    let mut files = BTreeMap::new();
    for project in get("/simple/").json()["projects"].as_array().unwrap() {
        let page = get(&format!("/simple/{}/", project["name"].as_str().unwrap())).json();
        for file in page["files"].as_array().unwrap() {
            let name = file["filename"].as_str().unwrap().to_owned();
            let digest = file["hashes"]["sha256"].as_str().unwrap().to_owned();
            if !known.contains_key(&name) {
                assert_whole(&get, realm, file);
            }
            files.insert(name, digest);
        }
    }
    files
}

/// A listed file is there with the bytes that the listing promises, and so is its METADATA.
fn assert_whole(
    get: &impl Fn(&str) -> http::Answer,
    realm: &RealmAddress,
    file: &serde_json::Value,
) {
    let url = file["url"].as_str().unwrap();
    let path = url.strip_prefix(realm.base.trim_end_matches('/')).unwrap();
    let bytes = get(path);
    let digest = Sha256::of(&bytes.body).to_string();
    assert_eq!(
        (bytes.status, file["hashes"]["sha256"].as_str()),
        (200, Some(digest.as_str())),
        "{url}"
    );
    let metadata = get(&format!("{path}.metadata"));
    let digest_of_metadata = Sha256::of(&metadata.body).to_string();
    assert_eq!(file["core-metadata"]["sha256"], digest_of_metadata, "{url}");
}

fn wheel(round: u32, n: u32) -> Upload {
    let noise: Vec<u8> = (0..1_000_u32)
        .flat_map(|byte| (byte ^ n).wrapping_mul(2_654_435_761 + round).to_le_bytes())
        .collect();
    let builder = WheelBuilder::new(
        &format!("victim-{}-{}", round / 20, n % 3),
        &format!("{round}.{n}"),
    );
    Upload::wheel(&builder.file("victim/noise", noise))
}

/// Uploads from several threads until the server is gone; what was answered 200.
fn upload_until_killed(victim: Victim, round: u32, delay: Duration) -> BTreeMap<String, String> {
    let n_accepted = Arc::new(AtomicU32::new(0));
    let clients: Vec<_> = (0..N_CLIENTS)
        .map(|client| {
            let queue: Vec<Upload> = (0..N_UPLOADS)
                .map(|n| wheel(round, n * N_CLIENTS + client))
                .collect();
            let (realm, n_accepted) = (victim.realm.clone(), Arc::clone(&n_accepted));
            thread::spawn(move || upload_all(&queue, &realm, &n_accepted))
        })
        .collect();
    while n_accepted.load(Ordering::Relaxed) == 0 {
        thread::sleep(Duration::from_millis(1));
    }
    thread::sleep(delay);
    victim.kill();
    clients
        .into_iter()
        .flat_map(|client| client.join().unwrap())
        .collect()
}

/// An answer that does not come says nothing; an answer that comes is a promise.
fn upload_all(
    queue: &[Upload],
    realm: &RealmAddress,
    n_accepted: &AtomicU32,
) -> Vec<(String, String)> {
    queue
        .iter()
        .map_while(|upload| Some((upload, upload.send(realm).ok()?)))
        .map(|(upload, answer)| {
            assert_eq!(answer.status, 200, "{}", answer.reason);
            n_accepted.fetch_add(1, Ordering::Relaxed);
            (
                upload.filename.clone(),
                Sha256::of(&upload.content).to_string(),
            )
        })
        .collect()
}

fn accepted_files_survive_and_half_ones_never_show() {
    let data = tempfile::tempdir().unwrap();
    let n_rounds = setting("PUBFLOW_CRASH_ROUNDS", N_ROUNDS);
    let mut state = setting("PUBFLOW_CRASH_SEED", SEED).max(1);
    let mut promised = BTreeMap::new();
    let mut checked = BTreeMap::new();
    let mut n_unanswered = 0;
    for round in 1..=n_rounds {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let delay = MOST_DELAY.mul_f64(f64::from(state % 1000) / 1000.0);
        let victim = Victim::start(data.path());
        n_unanswered += check(&victim, data.path(), round, (&mut promised, &mut checked));
        promised.extend(upload_until_killed(victim, round, delay));
    }
    let successor = Victim::start(data.path());
    n_unanswered += check(
        &successor,
        data.path(),
        n_rounds + 1,
        (&mut promised, &mut checked),
    );
    // Once more with every file read.
    assert_eq!(shown(&successor.realm, &BTreeMap::new()), promised);
    successor.kill();
    assert!(
        promised.len() >= n_rounds as usize,
        "hardly anything was accepted: {} files",
        promised.len()
    );
    println!(
        "{} files survived {n_rounds} kills, {n_unanswered} of them unanswered",
        promised.len()
    );
}

/// What a server shows after the kill of the one before: everything promised, and nothing half.
fn check(
    victim: &Victim,
    data: &Path,
    round: u32,
    (promised, checked): (&mut BTreeMap<String, String>, &mut BTreeMap<String, String>),
) -> usize {
    assert_eq!(n_incoming(data), 0);
    let files = shown(&victim.realm, checked);
    checked.clone_from(&files);
    for (filename, digest) in promised.iter() {
        assert_eq!(
            files.get(filename),
            Some(digest),
            "round {round}: {filename} was accepted and is lost"
        );
    }
    // What was stored but not answered shows whole, and is a promise from now on.
    let n_unanswered = files.len() - promised.len();
    *promised = files;
    n_unanswered
}

/// The number of uploads under way, as the data directory shows it.
fn n_incoming(data: &Path) -> usize {
    std::fs::read_dir(data.join("test/incoming"))
        .unwrap()
        .count()
}

fn half_an_upload_leaves_nothing_and_does_not_stand_in_the_way() {
    let data = tempfile::tempdir().unwrap();
    let victim = Victim::start(data.path());
    let upload = wheel(1, 1);
    let body = upload.body();
    let host = victim
        .realm
        .base
        .strip_prefix("http://")
        .unwrap()
        .trim_end_matches('/');
    let mut stream = TcpStream::connect(host).unwrap();
    let head = format!(
        "POST /legacy/ HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nContent-Type: {}\r\n\
         Content-Length: {}\r\n\r\n",
        victim.realm.token,
        Upload::content_type_header(),
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&body[..body.len() - 100]).unwrap();
    while n_incoming(data.path()) == 0 {
        thread::sleep(Duration::from_millis(1));
    }
    victim.kill();
    assert_eq!(
        n_incoming(data.path()),
        1,
        "the server was killed in the middle"
    );
    let successor = Victim::start(data.path());
    assert_eq!(n_incoming(data.path()), 0);
    let nothing = BTreeMap::new();
    assert_eq!(shown(&successor.realm, &nothing), nothing);
    assert_eq!(upload.send(&successor.realm).unwrap().status, 200);
    assert_eq!(shown(&successor.realm, &nothing).len(), 1);
    successor.kill();
}
