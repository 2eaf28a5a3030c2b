use super::*;

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

fn catalog(events: impl IntoIterator<Item = Event>) -> Catalog {
    let mut catalog = Catalog::default();
    for (n, event) in (1..).zip(events) {
        let at = format!("2026-01-01T00:00:{n:02}.000000Z");
        catalog.apply(Record::new(n, at, event)).unwrap();
    }
    catalog
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
    let project = catalog.project("demo-pkg").unwrap();
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
    let release = catalog
        .release("demo-pkg", &Version::parse("1").unwrap())
        .unwrap();
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
    let project = yanked.project("demo-pkg").unwrap();
    assert_eq!(project.newest().unwrap().version.to_string(), "1.0");
    let back = catalog(demo().into_iter().chain([yank, undo]));
    assert_eq!(
        back.project("demo-pkg")
            .unwrap()
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
    let catalog = catalog(demo().into_iter().chain([deletion]));
    assert!(catalog.file("demo_pkg-1.0.tar.gz").is_none());
    assert!(catalog.was_deleted("demo_pkg-1.0.tar.gz"));
    assert!(catalog.file_with_bytes(&Blake2b256::of(b"one")).is_none());
    assert!(!catalog.stored_digests().contains(&Sha256::of(b"one")));
    assert_eq!(catalog.project("demo-pkg").unwrap().releases.len(), 1);
}

#[test]
fn names_that_look_alike_are_found() {
    let catalog = catalog(demo());
    let lookalike = |name| {
        let name = ProjectName::parse(name).unwrap();
        catalog
            .lookalike(&name)
            .map(|project| project.normalized.as_str())
    };
    assert_eq!(lookalike("Dem0-pkg"), Some("demo-pkg"));
    assert_eq!(lookalike("demopkg"), Some("demo-pkg"));
    assert_eq!(lookalike("demo.pkg"), None, "it is the same project");
    assert_eq!(lookalike("fresh"), None);
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
        let record = Record::new(1, "2026-01-01T00:00:00Z".into(), event);
        assert_eq!(Catalog::default().apply(record), Err(Unreadable));
    }
}
