//! Everything that is kept, and some thousand variants of it, the same each time.

use larum_fuzz::corpus;
use larum_fuzz::mutate::{Draw, LONGEST, variant};
use larum_fuzz::target;

/// How many variants of each corpus are tried.
const VARIANTS: usize = 2000;

fn replay(name: &str) {
    let target = target::named(name).expect("there is such a target");
    let kept = corpus::read(name).expect("it can be read");
    assert!(!kept.is_empty(), "nothing is kept of {name}: cargo xtask fuzz {name}");
    assert!(kept.len() <= corpus::MOST, "{} files are kept of {name}", kept.len());
    for (path, input) in &kept {
        assert!(input.len() <= LONGEST, "{} is longer than {LONGEST} bytes", path.display());
        eprintln!("{}", path.display());
        (target.check)(input);
    }
    let mut draw = Draw::new(1);
    for number in 0..VARIANTS {
        let (of, other) = (draw.below(kept.len()), draw.below(kept.len()));
        let input = variant(&mut draw, &kept[of].1, &kept[other].1, target.words);
        let held = std::panic::catch_unwind(|| (target.check)(&input));
        assert!(held.is_ok(), "variant {number} of {name} breaks it: {:?}", String::from_utf8_lossy(&input));
    }
}

macro_rules! replayed {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                replay(stringify!($name));
            }
        )*

        #[test]
        fn every_target_is_replayed() {
            let names = target::ALL.map(|target| target.name);
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

replayed! { matchers patterns configuration templates alerts silence receiver policy }
