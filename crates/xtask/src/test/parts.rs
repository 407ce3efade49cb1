//! What there is to test, in the order in which it is cheapest to learn that something is wrong.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{cargo, run, watch};
use crate::house::House;
use crate::test::tally::Tally;
use crate::test::{Arguments, Environment};
use crate::tools::console;

/// One kind of tests.
pub struct Part {
    /// What a person reads about it.
    pub name: &'static str,
    /// Does it.
    pub run: fn(&House, &Environment, &mut Tally) -> Result<()>,
}

/// The parts that were chosen.
pub fn parts(chosen: Arguments) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut add = |wanted: bool, some: &mut Vec<Part>| {
        if wanted {
            parts.append(some);
        }
    };
    add(chosen.rust, &mut vec![Part { name: "Rust: format", run: format }]);
    add(
        chosen.console,
        &mut vec![
            Part { name: "console: types, lints, tests", run: console_tests },
            Part { name: "console: build", run: console_build },
        ],
    );
    add(
        chosen.rust,
        &mut vec![Part { name: "Rust: lints", run: lints }, Part { name: "Rust: tests", run: rust_tests }],
    );
    // Takes minutes and finds what only a published crate would feel: not for every day.
    add(chosen.rust && in_ci(), &mut vec![Part { name: "Rust: every crate alone", run: alone }]);
    add(chosen.browser, &mut vec![Part { name: "browser: tests", run: browser_tests }]);
    parts
}

fn in_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| value == "true")
}

fn format(house: &House, _: &Environment, _: &mut Tally) -> Result<()> {
    run(&mut cargo(house, &["fmt", "--all", "--check"])).context("`cargo fmt --all` puts it right")
}

fn lints(house: &House, _: &Environment, _: &mut Tally) -> Result<()> {
    let arguments = ["clippy", "--locked", "--workspace", "--all-targets", "--", "--deny", "warnings"];
    run(&mut cargo(house, &arguments))
}

fn rust_tests(house: &House, environment: &Environment, tally: &mut Tally) -> Result<()> {
    let mut tests = cargo(house, &["test", "--locked", "--workspace", "--no-fail-fast"]);
    tests.envs(environment.iter().cloned());
    tally.part(|part| watch(&mut tests, |line| part.cargo(line)))
}

fn alone(house: &House, _: &Environment, _: &mut Tally) -> Result<()> {
    let mut failed = Vec::new();
    let mut names = vec!["larum-bench".to_owned()];
    for entry in std::fs::read_dir(house.root.join("crates"))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    for name in names {
        if run(&mut cargo(house, &["check", "--locked", "--quiet", "--package", &name])).is_err() {
            failed.push(name);
        }
    }
    if !failed.is_empty() {
        bail!("these crates need what only another one asks for: {}", failed.join(", "));
    }
    Ok(())
}

fn console_tests(house: &House, _: &Environment, tally: &mut Tally) -> Result<()> {
    console::packages(house)?;
    let mut check = console::npm(house, &["run", "--silent", "check"]);
    check.env("NO_COLOR", "1");
    tally.part(|part| watch(&mut check, |line| part.vitest(line)))
}

fn console_build(house: &House, _: &Environment, _: &mut Tally) -> Result<()> {
    console::built(house)
}

/// The binary has the console inside, so both are built first if they changed.
fn browser_tests(house: &House, environment: &Environment, tally: &mut Tally) -> Result<()> {
    console::built(house)?;
    run(&mut cargo(house, &["build", "--package", "larum"]))?;
    let mut tests = Command::new("npx");
    tests.current_dir(house.console()).args([
        "--no-install",
        "vitest",
        "run",
        "--config",
        "e2e/vitest.config.ts",
    ]);
    tests.env("NO_COLOR", "1").env("LARUM_TEST_PICTURES", house.target.join("e2e"));
    tests.envs(environment.iter().cloned());
    tally.part(|part| watch(&mut tests, |line| part.vitest(line)))
}
