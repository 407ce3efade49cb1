use std::cell::Cell;

use proptest::prelude::*;

use super::*;
use crate::matcher::MatchOp;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1000)
}

fn labels(text: &str) -> LabelSet {
    text.split_whitespace().filter_map(|pair| pair.split_once('=')).collect()
}

fn matchers(text: &str) -> Vec<Matcher> {
    let pairs = text.split_whitespace().filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| Matcher::new(name, MatchOp::Regexp, value).unwrap()).collect()
}

/// Hides what has these labels, from one second to another.
fn hide(text: &str, from: i64, until: i64) -> SilenceDraft {
    SilenceDraft {
        matchers: matchers(text),
        starts_at: Some(at(from)),
        ends_at: at(until),
        created_by: "ada".into(),
        comment: "works".into(),
        annotations: LabelSet::empty(),
    }
}

fn id(number: u128) -> SilenceId {
    SilenceId(number)
}

fn muted(silences: &Silences, text: &str, now: i64) -> Vec<u128> {
    silences.muted(&labels(text), at(now)).into_iter().map(|id| id.0).collect()
}

fn times(silence: &Silence) -> (i64, i64, i64) {
    (silence.starts_at.as_secs(), silence.ends_at.as_secs(), silence.updated_at.as_secs())
}

#[test]
fn a_silence_is_pending_then_active_then_expired_by_the_clock_alone() {
    let mut silences = Silences::default();
    silences.add(hide("alertname=Down", 20, 30), id(1), at(10)).unwrap();
    silences.add(hide("alertname=D.*", 10, 25), id(2), at(10)).unwrap();
    assert_eq!(muted(&silences, "alertname=Down", 10), [2]);
    assert_eq!(muted(&silences, "alertname=Down", 20), [1, 2]);
    assert_eq!(muted(&silences, "alertname=Down", 25), [1], "at its end it is over");
    assert_eq!(muted(&silences, "alertname=Down", 30), [0_u128; 0]);
    assert_eq!(muted(&silences, "alertname=Up", 20), [0_u128; 0]);
    assert_eq!(silences.matching(&labels("alertname=Down"), at(10)), [id(1), id(2)]);
}

#[test]
fn what_begins_in_the_past_begins_now() {
    let mut silences = Silences::default();
    silences.add(hide("a=1", 5, 100), id(1), at(10)).unwrap();
    silences.add(SilenceDraft { starts_at: None, ..hide("a=1", 0, 100) }, id(2), at(10)).unwrap();
    assert_eq!(silences.get(id(1)).map(|silence| times(silence)), Some((10, 100, 10)));
    assert_eq!(silences.get(id(2)).map(|silence| times(silence)), Some((10, 100, 10)));
}

#[test]
fn an_active_one_is_edited_in_place_while_its_beginning_and_matchers_stay() {
    let mut silences = Silences::default();
    silences.add(hide("a=1", 10, 100), id(1), at(10)).unwrap();
    let longer = SilenceDraft { comment: "more works".into(), ..hide("a=1", 10, 200) };
    let Ok(Change::Edited(edited)) = silences.edit(id(1), longer, id(2), at(50)) else { panic!("in place") };
    assert_eq!((edited.id, times(&edited), &*edited.comment), (id(1), (10, 200, 50), "more works"));
    assert_eq!(muted(&silences, "a=1", 150), [1]);
    let within_the_second =
        SilenceDraft { starts_at: Some(Timestamp::from_millis(10_999)), ..hide("a=1", 0, 200) };
    assert!(matches!(silences.edit(id(1), within_the_second, id(2), at(50)), Ok(Change::Edited(_))));
    assert_eq!(silences.len(), 1);
}

#[test]
fn an_active_one_that_is_to_begin_elsewhere_ends_and_another_begins() {
    let mut silences = Silences::default();
    silences.add(hide("a=1", 10, 100), id(1), at(10)).unwrap();
    let change = silences.edit(id(1), hide("a=1", 60, 200), id(2), at(50)).unwrap();
    let Change::Replaced { ended: Some(ended), by } = &change else { panic!("{change:?}") };
    assert_eq!((ended.id, times(ended)), (id(1), (10, 50, 50)));
    assert_eq!((by.id, times(by)), (id(2), (60, 200, 50)));
    assert_eq!(change.silence().id, id(2));
    assert_eq!(muted(&silences, "a=1", 55), [0_u128; 0]);
    assert_eq!(muted(&silences, "a=1", 60), [2]);
}

#[test]
fn other_matchers_are_another_silence_also_in_another_order() {
    let mut silences = Silences::default();
    silences.add(hide("a=1 b=2", 10, 100), id(1), at(10)).unwrap();
    let change = silences.edit(id(1), hide("b=2 a=1", 10, 100), id(2), at(50)).unwrap();
    assert!(matches!(change, Change::Replaced { ended: Some(_), .. }));
    assert_eq!(times(change.silence()), (50, 100, 50), "it begins now, not in the past");
    assert_eq!(muted(&silences, "a=1 b=2", 50), [2]);
}

#[test]
fn a_pending_one_is_moved_in_place_but_not_into_the_past() {
    let mut silences = Silences::default();
    silences.add(hide("a=1", 100, 200), id(1), at(10)).unwrap();
    let change = silences.edit(id(1), hide("a=1", 50, 60), id(2), at(20)).unwrap();
    assert!(matches!(&change, Change::Edited(silence) if times(silence) == (50, 60, 20)));
    let change = silences.edit(id(1), hide("a=1", 10, 60), id(2), at(20)).unwrap();
    let Change::Replaced { ended: Some(ended), by } = change else { panic!("replaced") };
    assert_eq!((times(&ended), times(&by)), ((20, 20, 20), (20, 60, 20)));
}

#[test]
fn an_expired_one_stays_as_it_was_and_another_begins() {
    let mut silences = Silences::default();
    silences.add(hide("a=1", 10, 20), id(1), at(10)).unwrap();
    let change = silences.edit(id(1), hide("a=1", 10, 100), id(2), at(50)).unwrap();
    assert!(matches!(&change, Change::Replaced { ended: None, by } if times(by) == (50, 100, 50)));
    assert_eq!(silences.get(id(1)).map(|silence| times(silence)), Some((10, 20, 10)));
}

#[test]
fn ending_one_takes_effect_at_once_and_twice_changes_nothing() {
    let mut silences = Silences::default();
    silences.add(hide("a=1", 10, 100), id(1), at(10)).unwrap();
    silences.add(hide("a=1", 50, 100), id(2), at(10)).unwrap();
    let active = silences.expire(id(1), at(20)).unwrap().unwrap();
    let pending = silences.expire(id(2), at(20)).unwrap().unwrap();
    assert_eq!((times(&active), times(&pending)), ((10, 20, 20), (20, 20, 20)));
    assert_eq!(silences.matching(&labels("a=1"), at(20)), []);
    assert_eq!(silences.expire(id(1), at(30)), Ok(None));
    assert_eq!(silences.expire(id(3), at(30)), Err(NoSuchSilence));
}

#[test]
fn what_is_wrong_is_refused_in_words_and_changes_nothing() {
    let limits = SilenceLimits { silences: 2, bytes: 60, matchers: 3, ..SilenceLimits::default() };
    let mut silences = Silences::new(limits);
    silences.add(hide("a=1", 10, 100), id(1), at(10)).unwrap();
    let add = |silences: &mut Silences, draft| silences.add(draft, id(9), at(10)).unwrap_err().to_string();
    let negative =
        |op| SilenceDraft { matchers: vec![Matcher::new("a", op, "x").unwrap()], ..hide("", 10, 100) };
    let words = [
        add(&mut silences, hide("", 10, 100)),
        add(&mut silences, hide("a=.* b=", 10, 100)),
        add(&mut silences, hide("a=1 =1", 10, 100)),
        add(&mut silences, hide("a=1", 30, 20)),
        add(&mut silences, hide("a=1", 20, 20)),
        add(&mut silences, hide("a=1", 5, 9)),
        add(&mut silences, hide("a=1 b=2 c=3 d=4", 10, 100)),
        add(&mut silences, SilenceDraft { comment: "x".repeat(60).into(), ..hide("a=1", 10, 100) }),
        silences.add(hide("a=1", 10, 100), id(1), at(10)).unwrap_err().to_string(),
        silences.edit(id(7), hide("a=1", 10, 100), id(9), at(10)).unwrap_err().to_string(),
    ];
    assert_eq!(
        words,
        [
            "invalid silence: at least one matcher required",
            "invalid silence: matcher set 0: at least one matcher must not match the empty string",
            "invalid silence: invalid label matcher 1 in set 0: invalid label name \"\"",
            "Failed to create silence: start time must be before end time",
            "Failed to create silence: start time must be before end time",
            "Failed to create silence: end time can't be in the past",
            "silence has too many matchers: 4 (limit: 3)",
            "silence exceeded maximum size: 65 bytes (limit: 60 bytes)",
            "the id 00000000-0000-0000-0000-000000000001 is taken",
            "silence not found",
        ]
    );
    assert_eq!(silences.len(), 1);
    silences.add(negative(MatchOp::NotEqual), id(2), at(10)).expect("a negative matcher is enough");
    assert_eq!(
        add(&mut silences, negative(MatchOp::NotRegexp)),
        "exceeded maximum number of silences: 2 (limit: 2)"
    );
    silences.edit(id(1), hide("a=1", 10, 200), id(9), at(20)).expect("in place is no new one");
    let refused = silences.edit(id(1), hide("b=1", 10, 200), id(9), at(20));
    assert_eq!(refused, Err(Refused::TooMany { held: 2, limit: 2 }));
    assert_eq!(muted(&silences, "a=1", 20), [1, 2], "the one to be replaced goes on");
}

#[test]
fn the_memory_of_all_regular_expressions_together_is_limited_and_given_back() {
    let one = Matcher::new("a", MatchOp::Regexp, r"\pL{2}").unwrap().compiled_bytes();
    let limits = SilenceLimits { compiled_bytes: 2 * one, all_compiled_bytes: 2 * one, ..Default::default() };
    let mut silences = Silences::new(limits);
    let hide = |expressions: &[&str]| SilenceDraft {
        matchers: expressions
            .iter()
            .map(|value| Matcher::new("a", MatchOp::Regexp, *value).unwrap())
            .collect(),
        ..hide("a=1", 10, 90)
    };
    let large = r"\pL{2}";
    silences.add(hide(&[large]), id(1), at(10)).unwrap();
    silences.add(hide(&[large]), id(2), at(10)).unwrap();
    let refused = silences.add(hide(&[large]), id(3), at(10)).unwrap_err();
    assert_eq!(refused, Refused::CompiledTooLarge { bytes: 3 * one, limit: 2 * one });
    silences.edit(id(1), hide(&[large]), id(9), at(11)).expect("it takes nothing more");
    let plain = SilenceDraft { matchers: vec![Matcher::equal("a", "1")], ..hide(&[]) };
    silences.add(plain, id(4), at(11)).expect("it has none");
    silences.expire(id(2), at(12)).unwrap();
    assert_eq!(silences.forget(at(20), Duration::ZERO, 10), [id(2)]);
    silences.add(hide(&[large]), id(3), at(20)).expect("there is room again");
    let error = silences.add(hide(&[large; 3]), id(5), at(20)).unwrap_err();
    assert!(error.to_string().starts_with("silence has too large regular expressions: "), "{error}");
}

#[test]
fn they_are_listed_as_the_api_does_and_forgotten_after_their_time() {
    let mut silences = Silences::default();
    let all = [(10, 90), (10, 50), (60, 70), (55, 99), (10, 12), (10, 14)];
    for (number, (from, until)) in all.into_iter().enumerate() {
        silences.add(hide("a=1", from, until), id(number as u128 + 1), at(10)).unwrap();
    }
    let listed = |silences: &Silences| -> Vec<u128> {
        let mut all: Vec<_> = silences.iter().cloned().collect();
        sort(&mut all, at(20));
        all.iter().map(|silence| silence.id.0).collect()
    };
    assert_eq!(listed(&silences), [2, 1, 4, 3, 6, 5]);
    let hour = Duration::from_secs(3600);
    assert_eq!(silences.forget(at(20), hour, 10), []);
    assert_eq!(silences.forget(at(20 + 3600), hour, 1), [id(5)], "a little at a time");
    assert_eq!(silences.forget(at(20 + 3600), hour, 10), [id(6)]);
    assert_eq!(listed(&silences), [2, 1, 4, 3]);
}

#[test]
fn what_was_written_down_comes_back_whatever_the_limits() {
    let mut silences = Silences::default();
    silences.add(hide("a=1", 10, 100), id(1), at(10)).unwrap();
    silences.add(hide("a=1", 10, 20), id(2), at(10)).unwrap();
    let mut again = Silences::new(SilenceLimits { silences: 0, ..SilenceLimits::default() });
    silences.iter().for_each(|silence| again.remember((**silence).clone(), at(30)));
    assert_eq!(again.len(), 2);
    assert_eq!(muted(&again, "a=1", 30), [1]);
    let newer = Silence { matchers: matchers("b=1").into(), ..(**silences.get(id(1)).unwrap()).clone() };
    again.remember(newer, at(30));
    assert_eq!((muted(&again, "a=1", 30), muted(&again, "b=1", 30)), (vec![], vec![1]));
}

#[test]
fn those_that_are_over_are_not_asked_any_more() {
    let mut silences = Silences::default();
    for number in 0..10 {
        silences.add(hide("a=.+", 10, 20), id(number), at(10)).unwrap();
    }
    silences.add(hide("a=.+", 10, 100), id(10), at(10)).unwrap();
    assert!(!silences.settle(at(19), 5));
    assert!(silences.settle(at(20), 5) && silences.settle(at(20), 5) && !silences.settle(at(20), 5));
    assert_eq!(silences.sieve.candidates(&labels("a=1")).count(), 1);
    assert_eq!((silences.len(), muted(&silences, "a=1", 50)), (11, vec![10]));
    silences.forget(at(20), Duration::ZERO, 100);
    silences.remove(id(10));
    assert!(silences.is_empty() && silences.numbers.is_empty() && silences.standing.is_empty());
    assert!(silences.ends.is_empty());
}

#[test]
fn an_id_is_a_uuid() {
    let text = "0193a5d2-6f1e-7c3b-9d55-00ff00ff00ff";
    assert_eq!(text.parse::<SilenceId>().unwrap().to_string(), text);
    assert_eq!(text.to_uppercase().parse::<SilenceId>().unwrap().to_string(), text);
    for wrong in [
        "",
        "notauuid",
        "0193a5d26f1e7c3b9d5500ff00ff00ff",
        &text[1..],
        "+193a5d2-6f1e-7c3b-9d55-00ff00ff00ff",
    ] {
        assert_eq!(wrong.parse::<SilenceId>(), Err(NoUuid), "{wrong}");
    }
}

/// 5,000 silences by regular expression and 10,000 alerts: a new alert asks about what matches it, and a new silence
/// looks at each alert once.
#[test]
fn an_alert_asks_few_of_five_thousand_expressions() {
    let mut silences = Silences::default();
    for number in 0..5_000_u32 {
        let text = format!("instance=host-{number}[.].*|other-{number} severity=.*");
        silences.add(hide(&text, 10, 100), id(u128::from(number)), at(10)).unwrap();
    }
    let alerts: Vec<LabelSet> = (0..10_000)
        .map(|number| labels(&format!("alertname=Down severity=warning instance=host-{number}.example")))
        .collect();
    let asked: usize = alerts.iter().map(|alert| silences.sieve.candidates(alert).count()).sum();
    let hidden: usize = alerts.iter().map(|alert| silences.muted(alert, at(20)).len()).sum();
    assert_eq!((asked, hidden), (5_000, 5_000));
    let looks = Cell::new(0);
    let one = silences.get(id(7)).unwrap();
    let looked = alerts.iter().enumerate().inspect(|_| looks.set(looks.get() + 1));
    assert_eq!(one.touched(looked).collect::<Vec<_>>(), [7]);
    assert_eq!(looks.get(), 10_000);
}

fn any_draft() -> impl Strategy<Value = SilenceDraft> {
    let op =
        prop::sample::select(vec![MatchOp::Equal, MatchOp::NotEqual, MatchOp::Regexp, MatchOp::NotRegexp]);
    let value = prop::sample::select(vec!["1", "2", "1|2", "1.*", ".*2", ".*", ".+", ""]);
    let matcher = (prop::sample::select(vec!["a", "b", "c"]), op, value)
        .prop_map(|(name, op, value)| Matcher::new(name, op, value).unwrap());
    (prop::collection::vec(matcher, 0..3), 0_i64..60, 0_i64..60)
        .prop_map(|(matchers, from, span)| SilenceDraft { matchers, ..hide("", from, from + span) })
}

#[derive(Clone, Debug)]
enum Step {
    Add(SilenceDraft),
    Edit(u128, SilenceDraft),
    Expire(u128),
    Settle,
    Forget,
    Wait(i64),
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any_draft().prop_map(Step::Add),
        3 => (1_u128..20, any_draft()).prop_map(|(number, draft)| Step::Edit(number, draft)),
        1 => (1_u128..20).prop_map(Step::Expire),
        1 => Just(Step::Settle),
        1 => Just(Step::Forget),
        3 => (1_i64..10).prop_map(Step::Wait),
    ]
}

/// What is found by asking each.
fn plainly(silences: &Silences, labels: &LabelSet, now: Timestamp) -> Vec<SilenceId> {
    let hides = |silence: &&Arc<Silence>| {
        silence.starts_at <= now
            && now < silence.ends_at
            && silence.matchers.iter().all(|m| m.matches(labels))
    };
    let mut found: Vec<SilenceId> = silences.iter().filter(hides).map(|silence| silence.id).collect();
    found.sort_unstable();
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_index_finds_what_asking_each_finds_whatever_was_done(
        steps in prop::collection::vec(any_step(), 1..60),
        alerts in prop::collection::vec(prop::collection::vec((0_usize..3, 0_usize..4), 0..4), 1..6),
    ) {
        let mut silences = Silences::new(SilenceLimits { silences: 20, ..SilenceLimits::default() });
        let alerts: Vec<LabelSet> = alerts
            .iter()
            .map(|alert| alert.iter().map(|(name, value)| (["a", "b", "c"][*name], ["", "1", "2", "12"][*value])).collect())
            .collect();
        let (mut now, mut fresh) = (at(0), 0);
        for step in steps {
            fresh += 1;
            match step {
                // What is refused is part of the walk.
                Step::Add(draft) => drop(silences.add(draft, id(fresh), now)),
                Step::Edit(number, draft) => {
                    if let Ok(Change::Replaced { ended: Some(ended), .. }) = silences.edit(id(number), draft, id(fresh), now) {
                        prop_assert_eq!(ended.state(now), SilenceState::Expired);
                    }
                }
                Step::Expire(number) => drop(silences.expire(id(number), now)),
                Step::Settle => drop(silences.settle(now, 3)),
                Step::Forget => drop(silences.forget(now, Duration::from_secs(20), 3)),
                Step::Wait(seconds) => now = now.plus(Duration::from_secs(seconds as u64)),
            }
            for alert in &alerts {
                prop_assert_eq!(silences.muted(alert, now), plainly(&silences, alert, now));
            }
        }
    }
}
