//! Following what leads somewhere new.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::corpus;
use crate::coverage;
use crate::mutate::{Draw, variant};
use crate::target::Target;

/// The longest that one input may take: what is slower is a finding too.
const SLOW: Duration = Duration::from_secs(2);

/// How a hunt went.
#[derive(Debug, Default)]
pub struct Found {
    /// How many inputs were tried.
    pub runs: u64,
    /// How many of them led somewhere new.
    pub new: usize,
    /// How many of those are kept.
    pub kept: usize,
    /// How many edges were gone over in all.
    pub edges: usize,
}

/// A hunt after what breaks one target.
pub struct Hunt<'a> {
    /// Which.
    pub target: Target,
    /// Where input lies that broke it, and that which is being tried.
    pub folder: &'a Path,
    /// How much time has passed since the beginning.
    pub clock: &'a dyn Fn() -> Duration,
}

impl Hunt<'_> {
    /// Tries the corpus and variants of it for so long.
    ///
    /// # Errors
    /// What breaks the target, and where it lies; or a disk that cannot be written.
    pub fn run(&self, length: Duration, seed: u64) -> Result<Found> {
        std::fs::create_dir_all(self.folder)?;
        let mut trying = File::create(self.folder.join(format!("{}.trying", self.target.name)))?;
        let mut map = Map::default();
        let mut inputs: Vec<Vec<u8>> = Vec::new();
        for (_, input) in corpus::read(self.target.name)? {
            self.try_one(&mut trying, &input)?;
            map.take();
            inputs.push(input);
        }
        if inputs.is_empty() {
            inputs.push(Vec::new());
        }
        let (mut draw, mut found) = (Draw::new(seed), Found::default());
        while (self.clock)() < length {
            let (of, other) = (draw.below(inputs.len()), draw.below(inputs.len()));
            let input = variant(&mut draw, &inputs[of], &inputs[other], self.target.words);
            self.try_one(&mut trying, &input)?;
            found.runs += 1;
            if map.take() {
                found.new += 1;
                let input = self.smaller(&mut trying, input, &mut map)?;
                found.kept += usize::from(corpus::keep(self.target.name, &input)?);
                inputs.push(input);
            }
        }
        found.edges = map.0.len();
        Ok(found)
    }

    /// Leaves out what is not needed to go over the same edges. The map has them already, so they are asked for by
    /// themselves.
    fn smaller(&self, trying: &mut File, mut input: Vec<u8>, map: &mut Map) -> Result<Vec<u8>> {
        if !coverage::is_there() {
            return Ok(input);
        }
        let mut edges = |input: &[u8], map: &mut Map| -> Result<Vec<(usize, u8)>> {
            self.try_one(trying, input)?;
            let mut edges = Vec::new();
            coverage::take(|edge, count| edges.push((edge, count)));
            for (edge, count) in &edges {
                map.note(*edge, *count);
            }
            Ok(edges)
        };
        let wanted = edges(&input, map)?;
        let mut length = input.len() / 2;
        while length > 0 {
            let mut place = 0;
            while place + length <= input.len() {
                let without = [&input[..place], &input[place + length..]].concat();
                if edges(&without, map)? == wanted { input = without } else { place += length }
            }
            length /= 2;
        }
        Ok(input)
    }

    fn try_one(&self, trying: &mut File, input: &[u8]) -> Result<()> {
        // Who ends the process says nothing any more: what it was given lies there.
        trying.seek(SeekFrom::Start(0))?;
        trying.set_len(0)?;
        trying.write_all(input)?;
        let began = (self.clock)();
        let broke = catch_unwind(AssertUnwindSafe(|| (self.target.check)(input))).is_err();
        let slow = (self.clock)() - began > SLOW;
        if !broke && !slow {
            return Ok(());
        }
        let path = self.leave(input)?;
        let name = self.target.name;
        let what = if broke { "breaks" } else { "takes too long" };
        bail!(
            "{name}: input of {} bytes {what}. It lies in {path}.\n  again: cargo xtask fuzz {name} --input {path}\n  \
             to keep it tried: cp {path} {}",
            input.len(),
            corpus::folder().join(name).join("what-it-was").display(),
            path = path.display(),
        );
    }

    fn leave(&self, input: &[u8]) -> Result<PathBuf> {
        let path = self.folder.join(format!("{}-{}", self.target.name, corpus::name(input)));
        std::fs::write(&path, input).with_context(|| path.display().to_string())?;
        Ok(path)
    }
}

/// How often each edge was gone over at most.
#[derive(Default)]
struct Map(HashMap<usize, u8>);

impl Map {
    /// Takes the counters of the last run. Answers whether it went where none was before.
    fn take(&mut self) -> bool {
        let mut is_new = false;
        coverage::take(|edge, count| is_new |= self.note(edge, count));
        is_new
    }

    fn note(&mut self, edge: usize, count: u8) -> bool {
        let known = self.0.entry(edge).or_default();
        let is_new = count > *known;
        *known = count.max(*known);
        is_new
    }
}
