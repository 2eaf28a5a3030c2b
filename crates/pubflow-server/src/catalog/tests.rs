use super::*;
use crate::Realm;
use crate::store::DataDirectory;
use crate::store::stored::FileType;
use pubflow_spec::Md5;

fn upload(project: &str, version: &str, filename: &str, content: &[u8]) -> Event {
    Event::Upload(Box::new(Upload {
        filename: filename.into(),
        project: project.into(),
        version: version.into(),
        file_type: FileType::Sdist,
        python_version: "source".into(),
        size: content.len() as u64,
        md5: Md5::of(content).to_string(),
        sha256: Sha256::of(content).to_string(),
        blake2b_256: Blake2b256::of(content).to_string(),
        metadata_sha256: None,
        requires_python: None,
        comment: None,
        fields: vec![("summary".into(), filename.into())],
        uploader: Some("rehearsal".into()),
        provenance: None,
    }))
}

/// The catalog after these events, which stand in a log as those of a running index do.
fn catalog(events: impl IntoIterator<Item = Event>) -> Catalog {
    let directory = DataDirectory::open(None).unwrap();
    let mut catalog = Catalog::over(directory.log_reader(Realm::Test).unwrap());
    let (mut log, _) = directory.realm(Realm::Test, |_, _| Ok(())).unwrap();
    for (n, event) in (1..).zip(events) {
        let record = record(n, event);
        let place = log.append(std::slice::from_ref(&record)).unwrap()[0];
        catalog.apply(place, record).unwrap();
    }
    catalog
}

fn record(n: u64, event: Event) -> Record {
    Record::new(n, format!("2026-01-01T00:00:{n:02}.000000Z"), event)
}

fn project(catalog: &Catalog, normalized: &str) -> Arc<Project> {
    catalog.project(normalized).unwrap().unwrap()
}

fn demo() -> [Event; 3] {
    [
        upload("Demo.Pkg", "1.0", "demo_pkg-1.0.tar.gz", b"one"),
        upload("demo_pkg", "1.10", "demo_pkg-1.10.tar.gz", b"two"),
        upload("other", "0.1", "other-0.1.tar.gz", b"three"),
    ]
}

#[test]
fn uploads_join_projects_by_normal_name_and_versions_by_order() {
    let catalog = catalog(demo());
    let project = project(&catalog, "demo-pkg");
    assert_eq!(project.name, "demo_pkg", "the last spelling is shown");
    assert_eq!((project.serial, catalog.serial()), (2, 3));
    let versions: Vec<String> = project.releases.keys().map(ToString::to_string).collect();
    assert_eq!(versions, ["1.0", "1.10"]);
    assert_eq!(project.size(), 6);
    assert_eq!(project.newest().unwrap().version.to_string(), "1.10");
    assert_eq!(
        catalog
            .file_with_bytes(&Blake2b256::of(b"two"))
            .unwrap()
            .unwrap()
            .filename,
        "demo_pkg-1.10.tar.gz"
    );
}

#[test]
fn a_release_keeps_the_metadata_of_its_first_file() {
    let [first, ..] = demo();
    let second = upload(
        "demo-pkg",
        "1.0.0",
        "demo_pkg-1.0-py3-none-any.whl",
        b"wheel",
    );
    let catalog = catalog([first, second]);
    let project = project(&catalog, "demo-pkg");
    let release = &project.releases[&Version::parse("1").unwrap()];
    assert_eq!(release.files.len(), 2);
    assert_eq!(
        release.fields,
        [("summary".to_owned(), "demo_pkg-1.0.tar.gz".to_owned())]
    );
}

#[test]
fn a_yanked_release_is_not_the_newest() {
    let yank = Event::Yank {
        project: "demo-pkg".into(),
        version: "1.10".into(),
        reason: "broken".into(),
    };
    let undo = Event::Unyank {
        project: "demo-pkg".into(),
        version: "1.10".into(),
    };
    let yanked = catalog(demo().into_iter().chain([yank.clone()]));
    let shown = project(&yanked, "demo-pkg");
    assert_eq!(shown.newest().unwrap().version.to_string(), "1.0");
    let back = catalog(demo().into_iter().chain([yank, undo]));
    assert_eq!(
        project(&back, "demo-pkg")
            .newest()
            .unwrap()
            .version
            .to_string(),
        "1.10"
    );
}

#[test]
fn deleted_names_stay_used_and_deleted_bytes_are_forgotten() {
    let deletion = Event::DeleteRelease {
        project: "demo-pkg".into(),
        version: "1.0".into(),
    };
    let before = catalog(demo());
    let mut named = NamedBytes::default();
    for event in demo().iter().chain([&deletion]) {
        named.see(event, &before).unwrap();
    }
    assert!(!named.contains(&Sha256::of(b"one")));
    assert!(named.contains(&Sha256::of(b"two")));
    let catalog = catalog(demo().into_iter().chain([deletion]));
    let one = Blake2b256::of(b"one");
    assert!(catalog.file("demo_pkg-1.0.tar.gz").unwrap().is_none());
    assert!(catalog.was_deleted("demo_pkg-1.0.tar.gz"));
    assert!(catalog.file_with_bytes(&one).unwrap().is_none());
    assert_eq!(project(&catalog, "demo-pkg").releases.len(), 1);
}

#[test]
fn names_that_look_alike_are_found() {
    let catalog = catalog(demo());
    let is_alike = |name| catalog.has_lookalike(&ProjectName::parse(name).unwrap());
    assert!(is_alike("Dem0-pkg"));
    assert!(is_alike("demopkg"));
    assert!(!is_alike("demo.pkg"), "it is the same project");
    assert!(!is_alike("fresh"));
}

#[test]
fn events_about_what_is_not_there_are_unreadable() {
    for event in [
        Event::Yank {
            project: "nobody".into(),
            version: "1.0".into(),
            reason: String::new(),
        },
        Event::DeleteFile {
            filename: "nothing.whl".into(),
        },
        upload("-", "1.0", "x-1.0.tar.gz", b""),
        upload("x", "one", "x-1.0.tar.gz", b""),
    ] {
        let place = Place { at: 0, n_bytes: 0 };
        let applied = catalog([]).apply(place, record(1, event));
        assert_eq!(applied, Err(Unreadable));
    }
}

#[test]
fn a_project_read_back_from_the_log_is_the_one_that_was_kept() {
    let in_demo = || ("demo-pkg".to_owned(), "1.0".to_owned());
    let (project_a, version_a) = in_demo();
    let (project_b, version_b) = in_demo();
    let events = [
        Event::Yank {
            project: project_a,
            version: version_a,
            reason: "broken".into(),
        },
        Event::Age {
            project: project_b,
            version: version_b,
            created: "2025-01-01T00:00:00.000000Z".into(),
        },
        upload("Demo-Pkg", "1.0", "demo_pkg-1.0-py3-none-any.whl", b"more"),
        Event::DeleteFile {
            filename: "demo_pkg-1.0.tar.gz".into(),
        },
        Event::Status {
            project: "demo-pkg".into(),
            status: Status::Archived,
        },
    ];
    let catalog = catalog(demo().into_iter().chain(events));
    let kept = project(&catalog, "demo-pkg");
    *catalog.lately() = Cache::default();
    let read = project(&catalog, "demo-pkg");
    assert!(!Arc::ptr_eq(&kept, &read));
    assert_eq!(format!("{kept:?}"), format!("{read:?}"));
    assert_eq!(read.people, ["rehearsal"]);
    let entry = catalog.entry("demo-pkg").unwrap();
    assert_eq!((&*entry.name, entry.serial), ("Demo-Pkg", 8));
    assert_eq!((read.name.as_str(), read.serial), ("Demo-Pkg", 8));
    assert_eq!(
        (entry.status, read.status),
        (Status::Archived, Status::Archived)
    );
    let left = catalog.file("demo_pkg-1.0-py3-none-any.whl").unwrap();
    assert_eq!(left.unwrap().size, 4);
}
