//! Files that name targets.

use std::path::Path;

use larum_metrics::scrape::config::Configuration;
use larum_metrics::scrape::{Files, Targets};

#[test]
fn files_of_targets_are_followed_and_a_broken_one_keeps_what_it_had() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let yaml = "scrape_configs:\n- job_name: j\n  file_sd_configs: [{files: ['*.json', 'more.yml']}]\n";
    let configuration = Configuration::parse(yaml, folder.path()).unwrap();
    let job = &configuration.jobs[0];
    let mut files = Files::default();
    let mut look = || {
        let (groups, problems) = files.look(job);
        files.tidy();
        let found = Targets::of(job, &groups);
        let names: Vec<String> =
            found.targets.iter().map(|target| target.labels.value("instance").to_owned()).collect();
        let paths: Vec<String> = found
            .targets
            .iter()
            .map(|target| target.discovered.value("__meta_filepath").to_owned())
            .collect();
        (names, paths, problems)
    };
    assert_eq!(look(), (vec![], vec![], vec![]));

    write("a.json", r#"[{"targets": ["a1", "a2"], "labels": {"x": "y"}}]"#);
    write("more.yml", "- targets: [m1]\n");
    let (names, paths, problems) = look();
    assert_eq!((names, problems), (vec!["a1".into(), "a2".into(), "m1".into()], vec![]));
    assert_eq!(Path::new(&paths[0]), folder.path().join("a.json"));

    write("a.json", r#"[{"targets": ["a1""#);
    write("more.yml", "- targets: [m1, m2]\n");
    let (names, _, problems) = look();
    assert_eq!(names, ["a1", "a2", "m1", "m2"], "half a file takes nobody away");
    assert!(problems.len() == 1 && problems[0].contains("a.json: EOF while parsing"), "{problems:?}");
    assert_eq!(look().2.len(), 1, "it is still wrong");

    write("a.json", r#"[{"targets": ["a3"], "lables": {}}]"#);
    assert!(look().2[0].contains("unknown field `lables`"));

    write("more.yml", "- targets: [m1, m2]\n  lables: {}\n");
    let problems = look().2;
    assert!(
        problems[1].ends_with(r#"more.yml: line 2, column 3: there is no field "lables" here"#),
        "{problems:?}"
    );
    write("more.yml", "- targets: [m1, m2]\n");

    let path = folder.path().join("a.json");
    write("a.json", "");
    assert!(look().2[0].contains("EOF while parsing"), "an empty file is no list of targets in JSON");
    write("a.json", r#"[{"targets": ["a1", "a2"]}]"#);
    assert_eq!(look().2, Vec::<String>::new());
    std::fs::rename(&path, folder.path().join("aside")).unwrap();
    std::fs::create_dir(&path).unwrap();
    let (names, _, problems) = look();
    assert_eq!(names, ["a1", "a2", "m1", "m2"], "what cannot be read takes nobody away either");
    assert!(problems[0].ends_with("a.json: it is no regular file"), "{problems:?}");
    std::fs::remove_dir(&path).unwrap();
    std::fs::rename(folder.path().join("aside"), &path).unwrap();
    assert_eq!(look().2, Vec::<String>::new(), "once it can be read again, nothing is wrong with it");

    std::fs::remove_file(&path).unwrap();
    assert_eq!((look().0, look().2), (vec!["m1".to_owned(), "m2".to_owned()], vec![]));
    write("more.yml", "");
    assert_eq!(look().0, Vec::<String>::new());
}
