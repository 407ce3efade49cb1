//! The modules of core stand in the order of the walk of an alert, and none looks ahead.

use crate::tree::{Source, nothing, sources};

const CORE: &str = "crates/larum-core/src";

/// The modules that `lib.rs` lists, in its order.
fn modules(library: &Source) -> Vec<&str> {
    let listed = library.text.lines().filter_map(|line| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        line.strip_prefix("mod ")?.strip_suffix(';')
    });
    listed.collect()
}

/// The module that a file belongs to: `state/look.rs` to `state`.
fn module_of(path: &str) -> &str {
    let inside = path.trim_start_matches(CORE).trim_start_matches('/');
    inside.split(['/', '.']).next().unwrap_or_default()
}

/// The modules that a line of code names, as `crate::label::LabelSet` names `label`.
fn named(line: &str) -> impl Iterator<Item = &str> {
    let code = line.split_once("//").map_or(line, |(code, _)| code);
    code.split("crate::").skip(1).map(|after| {
        let end =
            after.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(after.len());
        &after[..end]
    })
}

#[test]
fn a_module_of_core_imports_only_from_those_above_it() {
    let files = sources(CORE);
    let library = files.iter().find(|file| file.path.ends_with("src/lib.rs")).expect("core has a lib.rs");
    let modules = modules(library);
    assert!(modules.len() > 5, "the modules of core were not found: {modules:?}");
    let place = |name: &str| modules.iter().position(|module| *module == name);

    let mut wrong = Vec::new();
    for file in files.iter().filter(|file| file.path != library.path) {
        let own = place(module_of(&file.path));
        for (number, line) in file.lines() {
            for name in named(line).filter(|name| place(name) > own) {
                wrong.push(format!(
                    "{}:{number} imports from {name}, which stands below it in lib.rs",
                    file.path
                ));
            }
        }
    }
    nothing(&wrong, "In larum-core a module imports only from those listed above it in lib.rs:");
}

#[test]
fn what_a_line_imports_is_read_from_its_code() {
    let found = |line| named(line).collect::<Vec<_>>();
    assert_eq!(found("use crate::{label, time::Timestamp};"), [""], "core writes one module a line");
    assert_eq!(found("fn f(at: crate::time::Timestamp, to: crate::label::LabelSet) {}"), ["time", "label"]);
    assert_eq!(found("/// See [`crate::state`]."), Vec::<&str>::new());
}

#[test]
fn core_names_one_module_a_line() {
    let files = sources(CORE);
    let wrong = files.iter().flat_map(|file| {
        let braces = file.lines().filter(|(_, line)| line.contains("crate::{"));
        braces.map(|(number, _)| format!("{}:{number}", file.path)).collect::<Vec<_>>()
    });
    nothing(
        &wrong.collect::<Vec<_>>(),
        "In larum-core the order of imports is read line by line, without `crate::{`:",
    );
}
