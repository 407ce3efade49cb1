//! A list that hardly ever holds more than one, of which there is one for each of a hundred thousand alerts.

use std::ops::Deref;

/// Some things in the order in which they came. The first takes no memory of its own.
#[derive(Debug, Default)]
pub(crate) enum Few<T> {
    /// Nothing.
    #[default]
    None,
    /// One thing.
    One(T),
    /// Two or more, or as many as are left of them.
    #[expect(clippy::box_collection, reason = "it is to be as small as a word")]
    Many(Box<Vec<T>>),
}

impl<T> Few<T> {
    /// Adds a thing behind the others.
    pub fn push(&mut self, thing: T) {
        *self = match std::mem::replace(self, Self::None) {
            Self::None => Self::One(thing),
            Self::One(first) => Self::Many(Box::new(vec![first, thing])),
            Self::Many(mut all) => {
                all.push(thing);
                Self::Many(all)
            }
        };
    }

    /// Keeps only those that `keep` says yes to.
    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        match self {
            Self::None => {}
            Self::One(thing) if keep(thing) => {}
            Self::One(_) => *self = Self::None,
            Self::Many(all) => {
                all.retain(keep);
                if all.len() <= 1 {
                    *self = all.pop().map_or(Self::None, Self::One);
                }
            }
        }
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::None => &[],
            Self::One(thing) => std::slice::from_ref(thing),
            Self::Many(all) => all,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_list_whatever_its_length() {
        let mut few = Few::default();
        for number in 0..4 {
            assert_eq!(*few, (0..number).collect::<Vec<_>>());
            few.push(number);
        }
        few.retain(|number| number % 2 == 1);
        assert_eq!(*few, [1, 3]);
        few.retain(|number| *number == 3);
        assert!(matches!(few, Few::One(3)));
        few.retain(|_| false);
        assert!(few.is_empty());
    }
}
