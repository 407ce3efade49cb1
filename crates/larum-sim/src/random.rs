//! Chance that can be repeated.

/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators").
pub struct Random(u64);

impl Random {
    /// The one with this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// That of one event of a storm: it does not depend on what happened before, so that one can be left out.
    pub fn of_event(seed: u64, event: usize) -> Self {
        Self(Self(seed).draw() ^ Self(event as u64 + 1).draw())
    }

    /// Any number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `most`, which is not zero.
    pub fn below(&mut self, most: u64) -> u64 {
        self.draw() % most
    }

    /// Whether something happens that happens in so many cases of a hundred.
    pub fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// One of these, if there is any.
    pub fn one_of<'a, T>(&mut self, these: &'a [T]) -> Option<&'a T> {
        let index = self.below(these.len().max(1) as u64);
        these.get(index as usize)
    }

    /// One of these, which are some.
    pub fn pick<T: Copy>(&mut self, these: &[T]) -> T {
        *self.one_of(these).expect("there are some")
    }

    /// Some of these, at least one.
    pub fn some<T: Copy>(&mut self, these: &[T]) -> Vec<T> {
        let first = self.below(these.len() as u64) as usize;
        let chosen = these.iter().enumerate().filter(|(index, _)| *index == first || self.percent(40));
        chosen.map(|(_, this)| *this).collect()
    }
}
