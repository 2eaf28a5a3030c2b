//! Taking, sharing, changing and clearing environments, on directories that stand for them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use pubflow_spec::Version;

use super::facts::FACTS_LAST;
use super::*;
use crate::interpreter::Interpreter;

fn interpreter() -> Interpreter {
    Interpreter {
        path: PathBuf::from("/opt/python/bin/python3"),
        version: Version::parse("3.12.1").unwrap(),
        implementation: "cpython".to_owned(),
        platform: "linux-x86_64".to_owned(),
        pointer_bits: 64,
        glibc: None,
        free_threaded: false,
        debug: false,
        pip: None,
        ensurepip: true,
        venv: true,
        markers: BTreeMap::new(),
    }
}

struct Place {
    directory: tempfile::TempDir,
    cache: Cache,
    n_made: AtomicUsize,
}

impl Place {
    fn new(limit: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let inherited = Inherited::from_pairs([(DIRECTORY_VARIABLE, directory.path())])
            .with(LIMIT_VARIABLE, limit);
        Self {
            cache: Cache::of(&inherited).unwrap(),
            directory,
            n_made: AtomicUsize::new(0),
        }
    }

    fn take(&self, requirements: &str) -> io::Result<Lease> {
        let key = EnvironmentKey::of("python", requirements);
        let wanted = Wanted {
            key: &key,
            interpreter: &interpreter(),
            requirements: vec![requirements.to_owned()],
            deadline: Duration::from_secs(20),
            cancel: None,
        };
        self.cache.environment(&wanted, |root| {
            self.n_made.fetch_add(1, Ordering::SeqCst);
            fs::create_dir_all(root.join("lib"))?;
            fs::write(root.join("lib/demo.py"), "x".repeat(1_000))?;
            match requirements {
                "broken" => Err(io::Error::other("refused")),
                _ => Ok(()),
            }
        })
    }

    fn n_made(&self) -> usize {
        self.n_made.load(Ordering::SeqCst)
    }

    fn names(&self) -> Vec<String> {
        let environments = self.cache.environments().unwrap();
        environments
            .iter()
            .map(|one| one.requirements.join(" "))
            .collect()
    }
}

#[test]
fn an_environment_is_made_once_and_shared() {
    let place = Place::new("1GB");
    let first = place.take("a==1").unwrap();
    let second = place.take("a==1").unwrap();
    assert_eq!(first.environment().root(), second.environment().root());
    assert_eq!(place.n_made(), 1);
    let listed = &place.cache.environments().unwrap()[0];
    assert!(listed.is_in_use && listed.bytes == 1_000);
    assert_eq!(listed.interpreter, "cpython-3.12.1");
    place.take("a==2").unwrap();
    assert_eq!(place.n_made(), 2);
}

#[test]
fn many_at_once_make_it_once() {
    let place = Place::new("1GB");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| place.take("a==1").unwrap());
        }
    });
    assert_eq!(place.n_made(), 1);
}

#[test]
fn what_was_changed_is_made_anew() {
    let place = Place::new("1GB");
    let lease = place.take("a==1").unwrap();
    let module = lease.environment().root().join("lib/demo.py");
    fs::write(&module, "evil").unwrap();
    drop(lease);
    assert_eq!(place.names(), Vec::<String>::new());
    let lease = place.take("a==1").unwrap();
    assert_eq!(fs::read(&module).unwrap().len(), 1_000);
    drop(lease);
    // Changed while nobody used it, by what a hook has left behind.
    fs::write(module.with_file_name("more.py"), "evil").unwrap();
    drop(place.take("a==1").unwrap());
    assert!(!module.with_file_name("more.py").exists());
    assert_eq!(place.n_made(), 3);
}

#[test]
fn compiled_modules_are_kept() {
    let place = Place::new("1GB");
    let lease = place.take("a==1").unwrap();
    let compiled = lease.environment().root().join("lib/__pycache__");
    fs::create_dir(&compiled).unwrap();
    fs::write(compiled.join("demo.pyc"), "1").unwrap();
    drop(lease);
    drop(place.take("a==1").unwrap());
    assert_eq!(place.n_made(), 1);
    fs::write(compiled.join("demo.pyc"), "22").unwrap();
    drop(place.take("a==1").unwrap());
    assert_eq!(place.n_made(), 2);
}

#[test]
fn what_was_not_finished_is_no_environment() {
    let place = Place::new("1GB");
    assert_eq!(place.take("broken").unwrap_err().to_string(), "refused");
    assert_eq!(place.cache.keys().unwrap(), Vec::<String>::new());
    // As a process leaves it that is killed on the way.
    let root = place
        .take("a==1")
        .unwrap()
        .environment()
        .root()
        .to_path_buf();
    fs::remove_file(root.with_file_name("ready.json")).unwrap();
    fs::write(root.join("lib/half"), "").unwrap();
    drop(place.take("a==1").unwrap());
    assert_eq!(place.n_made(), 3);
    assert!(!root.join("lib/half").exists());
}

#[test]
fn what_was_not_used_for_longest_goes_first() {
    let place = Place::new("2500");
    for name in ["a", "b"] {
        place.take(name).unwrap();
        std::thread::sleep(Duration::from_millis(20));
    }
    place.take("a").unwrap();
    std::thread::sleep(Duration::from_millis(20));
    place.take("c").unwrap();
    assert_eq!(place.names(), ["c", "a"]);
}

#[test]
fn clearing_leaves_what_is_in_use() {
    let place = Place::new("1GB");
    drop(place.take("a").unwrap());
    let used = place.take("b").unwrap();
    let cleared = place.cache.clear().unwrap();
    let expected = Cleared {
        n_environments: 1,
        n_in_use: 1,
        bytes: 1_000,
    };
    assert_eq!(cleared, expected);
    assert!(used.environment().root().join("lib/demo.py").is_file());
    drop(used);
    assert_eq!(place.cache.clear().unwrap().n_environments, 1);
    assert_eq!(place.names(), Vec::<String>::new());
    drop(place.directory);
}

#[test]
fn the_place_is_the_users_unless_named() {
    let cache = |pairs: &[(&str, &str)]| {
        Cache::of(&Inherited::from_pairs(pairs.iter().copied()))
            .map(|cache| cache.root().to_path_buf())
    };
    assert_eq!(cache(&[]), None);
    assert_eq!(cache(&[("PUBFLOW_CACHE_DIR", "relative")]), None);
    assert_eq!(
        cache(&[("PUBFLOW_CACHE_DIR", "/a"), ("HOME", "/b")]),
        Some(PathBuf::from("/a"))
    );
    if cfg!(target_os = "linux") {
        assert_eq!(
            cache(&[("XDG_CACHE_HOME", "/x"), ("HOME", "/b")]),
            Some(PathBuf::from("/x/pubflow"))
        );
        assert_eq!(
            cache(&[("HOME", "/b")]),
            Some(PathBuf::from("/b/.cache/pubflow"))
        );
    }
}

#[test]
fn sizes_are_read_with_their_units() {
    for (text, bytes) in [("12", 12), ("500MB", 500_000_000), ("2 gb", 2_000_000_000)] {
        assert_eq!(parse_size(text), Some(bytes), "{text}");
    }
    for text in ["", "MB", "1.5GB", "1 TiB", "99999999999999GB"] {
        assert_eq!(parse_size(text), None, "{text}");
    }
}

#[test]
fn facts_are_void_when_what_they_rest_on_has_changed() {
    let place = Place::new("1GB");
    let cache = &place.cache;
    cache.remember_interpreter("python3", "1".to_owned(), "x".into());
    assert_eq!(cache.interpreter("python3", "1"), Some("x".into()));
    assert_eq!(cache.interpreter("python3", "2"), None);
    cache.remember_resolution("question", 1_000, "y".into());
    let last = FACTS_LAST.as_secs();
    assert_eq!(
        cache.resolution("question", 1_000 + last - 1),
        Some("y".into())
    );
    assert_eq!(cache.resolution("question", 1_000 + last), None);
    assert_eq!(cache.resolution("question", 999), None);
}
