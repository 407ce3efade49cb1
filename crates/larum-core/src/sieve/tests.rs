use proptest::prelude::*;

use super::*;

fn matcher(name: &str, op: MatchOp, value: &str) -> Matcher {
    Matcher::new(name, op, value).unwrap()
}

fn equal(text: &str) -> Vec<Matcher> {
    let pairs = text.split_whitespace().filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| Matcher::equal(name, value)).collect()
}

fn labels(text: &str) -> LabelSet {
    text.split_whitespace().filter_map(|pair| pair.split_once('=')).collect()
}

fn asked(sieve: &Sieve, text: &str) -> Vec<u64> {
    sieve.candidates(&labels(text)).collect()
}

#[test]
fn only_those_that_can_pass_come_out_in_order() {
    let mut sieve = Sieve::default();
    sieve.insert(3, &equal("a=1"));
    sieve.insert(1, &[matcher("b", MatchOp::Regexp, "x.*")]);
    sieve.insert(2, &[matcher("b", MatchOp::Regexp, ".*y")]);
    sieve.insert(5, &[matcher("b", MatchOp::Regexp, ".*[a-z].*")]);
    sieve.insert(6, &[matcher("b", MatchOp::Regexp, ".*z.*")]);
    sieve.insert(4, &[matcher("b", MatchOp::NotEqual, "")]);
    assert_eq!(asked(&sieve, "a=1 b=xy"), [1, 2, 3, 4, 5]);
    assert_eq!(asked(&sieve, "a=2 b=x"), [1, 4, 5]);
    assert_eq!(asked(&sieve, "b=1z1"), [4, 5, 6]);
    assert_eq!(asked(&sieve, "c=1"), [4, 5]);
    assert_eq!(asked(&sieve, &format!("b={}", "1".repeat(2_000))), [4, 5, 6], "too long to be searched");
}

#[test]
fn a_list_stands_where_the_fewest_others_stand() {
    let mut sieve = Sieve::default();
    for number in 0..1_000 {
        sieve.insert(number, &equal(&format!("cluster=eu service=s{number}")));
    }
    assert!(asked(&sieve, "cluster=eu service=s7").len() <= 2, "not all of the cluster");
}

#[test]
fn an_expression_that_can_begin_in_two_ways_at_once_comes_out_once() {
    let mut sieve = Sieve::default();
    sieve.insert(1, &[matcher("a", MatchOp::Regexp, "(x|xy).*")]);
    assert_eq!(asked(&sieve, "a=xyz"), [1]);
}

#[test]
fn what_comes_from_many_lists_comes_in_order_too() {
    let mut sieve = Sieve::default();
    for number in (0..200).rev() {
        sieve.insert(number, &[matcher("a", MatchOp::Regexp, &format!(".*{}.*", number + 100))]);
    }
    let all: String = (0..200).map(|number| format!("{}-", number + 100)).collect();
    let expected: Vec<u64> = (0..200).collect();
    assert_eq!(asked(&sieve, &format!("a={all}")), expected);
    assert_eq!(asked(&sieve, &format!("a={}", "-".repeat(2_000))), expected, "too long to be searched");
}

#[test]
fn what_is_taken_out_leaves_nothing_behind() {
    let mut sieve = Sieve::default();
    sieve.insert(1, &[matcher("a", MatchOp::Regexp, "x.*|y")]);
    sieve.insert(2, &equal("a="));
    sieve.insert(3, &equal("a=x"));
    (1..=4).for_each(|number| sieve.remove(number));
    assert_eq!(asked(&sieve, "a=x"), [0_u64; 0]);
    assert!(sieve.labels.is_empty() && sieve.rest.is_empty() && sieve.anchors.is_empty());
}

fn any_matcher() -> impl Strategy<Value = Matcher> {
    const PATTERNS: &[&str] = &[
        "",
        "a",
        "b",
        "ab",
        "a|b",
        "a.*",
        ".*b",
        ".*a.*",
        ".*b c.*|.*bc?",
        ".*(ab)+.*",
        "(a|ab).*",
        "a?",
        "a+",
        "[ab]c?",
        "(?i)A.*",
        "a{2}b",
        ".+",
        "(?-s).*\nb",
        "^a$",
        "a|",
        "é.*",
        ".*é",
        "a\\b.*",
        "a)|(b",
        "[^\\s\\S]",
        "(?i)É",
    ];
    let op =
        prop::sample::select(vec![MatchOp::Equal, MatchOp::NotEqual, MatchOp::Regexp, MatchOp::NotRegexp]);
    let name = prop::sample::select(vec!["a", "b", "c"]);
    (name, op, prop::sample::select(PATTERNS.to_vec()))
        .prop_map(|(name, op, value)| Matcher::new(name, op, value).unwrap())
}

fn any_labels() -> impl Strategy<Value = LabelSet> {
    let value = prop::sample::select(vec![
        "", "a", "b", "ab", "aab", "abc", "A", "c", "a\nb", "é", "bé", "éa", "b a",
    ]);
    prop::collection::vec((prop::sample::select(vec!["a", "b", "c", "d"]), value), 0..4)
        .prop_map(LabelSet::from_pairs)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_passes_comes_out_in_order_also_when_others_were_taken_out(
        lists in prop::collection::vec(prop::collection::vec(any_matcher(), 0..4), 0..30),
        gone in prop::collection::vec(0_u64..30, 0..10),
        labels in any_labels(),
    ) {
        let mut sieve = Sieve::default();
        for (number, list) in lists.iter().enumerate() {
            sieve.insert(number as u64, list);
        }
        gone.iter().for_each(|number| sieve.remove(*number));
        let come_out: Vec<u64> = sieve.candidates(&labels).collect();
        prop_assert!(come_out.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(come_out.iter().all(|number| !gone.contains(number)));
        for (number, list) in lists.iter().enumerate() {
            let passes = list.iter().all(|matcher| matcher.matches(&labels));
            let number = number as u64;
            prop_assert!(!passes || gone.contains(&number) || come_out.contains(&number));
        }
    }
}
