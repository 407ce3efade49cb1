//! What a policy made from a template is made from; how that becomes an expression is said elsewhere.

use std::fmt;

/// What a template measures on a node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Metric {
    /// CPU time in use, in percent of all cores.
    Cpu,
    /// Memory in use, in percent.
    Memory,
    /// The load average over five minutes per core, a plain number.
    Load,
    /// Disk space in use on a file system, in percent.
    Disk,
    /// Inodes in use on a file system, in percent.
    Inodes,
}

impl Metric {
    /// Every metric, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Cpu, Self::Memory, Self::Load, Self::Disk, Self::Inodes];

    /// The word under which it is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Load => "load",
            Self::Disk => "disk",
            Self::Inodes => "inodes",
        }
    }

    /// The metric stored under this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.as_str() == word)
    }
}

/// How what is measured is compared with the threshold, in PromQL's signs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Comparator {
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

impl Comparator {
    /// Every comparator, in the order in which they are offered.
    pub const ALL: [Self; 6] =
        [Self::Greater, Self::GreaterOrEqual, Self::Less, Self::LessOrEqual, Self::Equal, Self::NotEqual];

    /// PromQL's sign for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
        }
    }

    /// The comparator with this sign.
    pub fn from_sign(sign: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|comparator| comparator.as_str() == sign)
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Comparator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// *Memory usage > 90 %*, as chosen in a form.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Template {
    /// What is measured.
    pub metric: Metric,
    /// How it is compared.
    pub comparator: Comparator,
    /// With what, in the metric's unit; finite.
    pub threshold: f64,
}
