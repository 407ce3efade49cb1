use std::sync::Arc;

use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;

/// The rules of central Europe, as POSIX writes them: no database is asked.
fn berlin() -> Location {
    Location::new("Europe/Berlin", TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap())
}

fn at(text: &str) -> Timestamp {
    Timestamp::from_millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

fn shown(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.as_millis()).unwrap().to_string()
}

fn times(spans: &[(&str, &str)]) -> Option<Vec<Times>> {
    Some(spans.iter().map(|(start, end)| Times::parse(start, end).unwrap()).collect())
}

fn weekdays(text: &str) -> Option<Vec<RangeInclusive<u8>>> {
    Some(vec![parse_weekdays(text).unwrap()])
}

fn days(text: &str) -> Option<Vec<Days>> {
    Some(vec![parse_days_of_month(text).unwrap()])
}

fn office_hours(location: Location) -> TimeInterval {
    TimeInterval {
        times: times(&[("09:00", "17:30")]),
        weekdays: weekdays("monday:friday"),
        location,
        ..TimeInterval::default()
    }
}

fn calendar(parts: Vec<TimeInterval>) -> Calendar {
    Calendar::new([("x".into(), parts)])
}

fn changes(calendar: &Calendar, from: &str, most: usize) -> Vec<String> {
    let next = |at: &Timestamp| calendar.next_change("x", *at);
    let all = std::iter::successors(next(&at(from)), next);
    all.take(most).map(shown).collect()
}

#[test]
fn office_hours_begin_with_their_first_minute_and_are_over_with_their_last() {
    let office = office_hours(Location::utc());
    // The 23rd of November 2026 is a Monday.
    assert!(!office.contains(at("2026-11-23T08:59:59.999Z")));
    assert!(office.contains(at("2026-11-23T09:00:00Z")));
    assert!(office.contains(at("2026-11-23T17:29:59.999Z")));
    assert!(!office.contains(at("2026-11-23T17:30:00Z")));
    assert!(!office.contains(at("2026-11-22T12:00:00Z")), "a Sunday");
}

#[test]
fn a_day_can_last_until_24_00() {
    let evening = TimeInterval { times: times(&[("22:00", "24:00")]), ..TimeInterval::default() };
    assert!(evening.contains(at("2026-11-23T23:59:59.999Z")));
    assert!(!evening.contains(at("2026-11-24T00:00:00Z")));
}

#[test]
fn the_clock_on_the_wall_is_the_locations() {
    let office = office_hours(berlin());
    assert!(office.contains(at("2026-11-23T08:00:00Z")), "winter: one hour ahead");
    assert!(office.contains(at("2026-07-06T07:00:00Z")), "summer: two hours ahead");
    assert!(!office.contains(at("2026-07-06T06:59:00Z")));
    let monday = TimeInterval { weekdays: weekdays("monday"), location: berlin(), ..TimeInterval::default() };
    assert!(monday.contains(at("2026-11-22T23:00:00Z")), "it is Monday there already");
}

#[test]
fn days_are_counted_from_the_end_of_the_month_too_and_cut_to_it() {
    let on = |text: &str, day: &str| {
        let interval = TimeInterval { days_of_month: days(text), ..TimeInterval::default() };
        interval.contains(at(&format!("{day}T12:00:00Z")))
    };
    assert!(on("-1", "2026-02-28") && on("-1", "2028-02-29") && !on("-1", "2028-02-28"));
    assert!(on("-3:-1", "2026-11-28") && !on("-3:-1", "2026-11-27"));
    assert!(on("27:-1", "2026-02-28") && on("27:-1", "2026-12-31") && !on("27:-1", "2026-12-26"));
    assert!(on("25:31", "2026-02-28"), "the end is cut to the month");
    assert!(!on("31", "2026-11-30"), "a day that the month does not have is not its last");
    assert!(on("-31:-29", "2026-12-01") && on("-31:-29", "2026-11-01"), "the beginning is cut to the month");
    assert!(!on("-31:-29", "2026-02-01"), "February 2026 has no 29th day from its end");
}

#[test]
fn every_field_that_is_there_must_hold_and_one_without_ranges_never_does() {
    let christmas = TimeInterval {
        days_of_month: days("24:26"),
        months: Some(vec![parse_months("December").unwrap()]),
        years: Some(vec![parse_years("2026:2027").unwrap()]),
        ..TimeInterval::default()
    };
    assert!(christmas.contains(at("2026-12-25T00:00:00Z")));
    assert!(!christmas.contains(at("2026-11-25T00:00:00Z")));
    assert!(!christmas.contains(at("2028-12-25T00:00:00Z")));
    assert!(TimeInterval::default().contains(at("2026-12-25T00:00:00Z")));
    let never = TimeInterval { weekdays: Some(vec![]), ..TimeInterval::default() };
    assert!(!never.contains(at("2026-12-25T00:00:00Z")));
}

#[test]
fn ranges_are_read_in_words_and_refused_in_words() {
    assert_eq!(parse_weekdays("Saturday"), Ok(6..=6));
    assert_eq!(parse_months("1:march"), Ok(1..=3));
    assert_eq!(parse_days_of_month("-3:-1"), Ok(Days::new(-3, -1).unwrap()));
    assert_eq!(Times::parse("00:00", "24:00").map(Times::minutes), Ok((0, 1440)));
    assert_eq!(Times::parse("09:05", "17:30").unwrap().to_string(), "09:05-17:30");
    let refused = [
        parse_weekdays("saturday:sunday").map(|_| ()),
        parse_weekdays("mon").map(|_| ()),
        parse_weekdays("monday:tuesday:friday").map(|_| ()),
        parse_months("13").map(|_| ()),
        parse_months("march:january").map(|_| ()),
        parse_days_of_month("0").map(|_| ()),
        parse_days_of_month("32").map(|_| ()),
        parse_days_of_month("-5:5").map(|_| ()),
        parse_days_of_month("5:1").map(|_| ()),
        parse_days_of_month("30:-10").map(|_| ()),
        parse_years("2027:2026").map(|_| ()),
        parse_years("soon").map(|_| ()),
        Times::parse("9:00", "17:00").map(|_| ()),
        Times::parse("17:00", "24:01").map(|_| ()),
        Times::parse("22:00", "06:00").map(|_| ()),
        Times::parse("09:00", "09:00").map(|_| ()),
    ];
    let words: Vec<String> = refused.iter().map(|result| result.clone().unwrap_err().to_string()).collect();
    assert_eq!(
        words,
        [
            r#""saturday:sunday" ends before it begins"#,
            r#""mon" is not a weekday such as monday"#,
            r#""monday:tuesday:friday" is not a range such as 1:5"#,
            r#""13" is not a month such as january, or 1 to 12"#,
            r#""march:january" ends before it begins"#,
            r#""0" is not a day of the month: 1 to 31, or -1 to -31 from its end"#,
            r#""32" is not a day of the month: 1 to 31, or -1 to -31 from its end"#,
            r#""-5:5": a range that begins with a negative day must end with one"#,
            r#""5:1" ends before it begins"#,
            r#""30:-10" ends before it begins"#,
            r#""2027:2026" ends before it begins"#,
            r#""soon" is not a year"#,
            r#""9:00" is not a time such as 09:30 or 24:00"#,
            r#""24:01" is not a time such as 09:30 or 24:00"#,
            "22:00 is not before 06:00: a span over midnight is two, one of which ends at 24:00",
            "09:00 is not before 09:00: a span over midnight is two, one of which ends at 24:00",
        ]
    );
}

#[test]
fn a_route_is_mute_during_some_intervals_and_outside_of_others() {
    let calendar = Calendar::new([
        ("office".into(), vec![office_hours(Location::utc())]),
        (
            "evening".into(),
            vec![TimeInterval { times: times(&[("17:00", "24:00")]), ..TimeInterval::default() }],
        ),
    ]);
    let names = |names: &[&str]| -> Vec<Arc<str>> { names.iter().map(|name| Arc::from(*name)).collect() };
    let muted =
        |mute: &[&str], active: &[&str], text: &str| calendar.muted(&names(mute), &names(active), at(text));
    let (noon, dusk, night) = ("2026-11-23T12:00:00Z", "2026-11-23T17:15:00Z", "2026-11-23T23:00:00Z");
    assert_eq!(muted(&[], &[], noon), None);
    assert_eq!(muted(&["evening"], &["office"], noon), None);
    assert_eq!(muted(&["office", "evening"], &[], noon), Some(Muted::During(names(&["office"]))));
    assert_eq!(muted(&["office", "evening"], &[], dusk), Some(Muted::During(names(&["office", "evening"]))));
    assert_eq!(muted(&["evening"], &["office"], night), Some(Muted::OutsideOf(names(&["office"]))));
    assert_eq!(muted(&[], &["office", "evening"], night), None, "one of them is enough");
    assert!(calendar.knows("office") && !calendar.knows("gone"));
    assert_eq!(muted(&["gone"], &[], noon), None);
}

#[test]
fn the_next_change_is_when_office_hours_begin_or_end() {
    let office = calendar(vec![office_hours(berlin())]);
    let expected = [
        "2026-10-23T15:30:00Z", // Friday evening, in summer
        "2026-10-26T08:00:00Z", // Monday morning, in winter
        "2026-10-26T16:30:00Z",
    ];
    assert_eq!(changes(&office, "2026-10-23T12:00:00Z", 3), expected);
}

#[test]
fn clocks_that_are_put_forward_or_back_begin_and_end_intervals_themselves() {
    let spring =
        TimeInterval { times: times(&[("02:30", "04:00")]), location: berlin(), ..TimeInterval::default() };
    let expected = ["2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"];
    assert_eq!(
        changes(&calendar(vec![spring]), "2026-03-28T12:00:00Z", 2),
        expected,
        "half past two is skipped"
    );
    let autumn =
        TimeInterval { times: times(&[("02:30", "03:00")]), location: berlin(), ..TimeInterval::default() };
    let expected = [
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:00:00Z", // It is two o'clock again.
        "2026-10-25T01:30:00Z",
        "2026-10-25T02:00:00Z",
    ];
    assert_eq!(changes(&calendar(vec![autumn]), "2026-10-24T12:00:00Z", 4), expected);
}

#[test]
fn parts_that_meet_are_one_span_and_what_never_changes_has_no_change() {
    let night =
        |from: &str, to: &str| TimeInterval { times: times(&[(from, to)]), ..TimeInterval::default() };
    let nights = calendar(vec![night("22:00", "24:00"), night("00:00", "06:00")]);
    assert_eq!(changes(&nights, "2026-11-23T23:00:00Z", 2), ["2026-11-24T06:00:00Z", "2026-11-24T22:00:00Z"]);
    assert_eq!(changes(&calendar(vec![TimeInterval::default()]), "2026-11-23T23:00:00Z", 1), [""; 0]);
    assert_eq!(changes(&calendar(vec![]), "2026-11-23T23:00:00Z", 1), [""; 0]);
    let past = TimeInterval { years: Some(vec![2000..=2001]), ..TimeInterval::default() };
    assert_eq!(changes(&calendar(vec![past]), "2026-11-23T23:00:00Z", 1), [""; 0]);
}

#[test]
fn a_leap_day_that_is_a_monday_is_found_years_ahead() {
    let rare = TimeInterval {
        weekdays: weekdays("monday"),
        days_of_month: days("29"),
        months: Some(vec![2..=2]),
        ..TimeInterval::default()
    };
    let expected = ["2044-02-29T00:00:00Z", "2044-03-01T00:00:00Z"];
    assert_eq!(changes(&calendar(vec![rare]), "2026-11-23T23:00:00Z", 2), expected);
}

#[test]
fn a_clock_beyond_the_calendar_is_no_panic() {
    let office = calendar(vec![office_hours(berlin())]);
    for at in [i64::MIN, i64::MAX].map(Timestamp::from_millis) {
        office.contains("x", at);
        office.next_change("x", at);
    }
}

fn any_interval() -> impl Strategy<Value = TimeInterval> {
    let minute = 0_u16..=96;
    let span = (minute.clone(), minute).prop_filter_map("a span of the day", |(one, other)| {
        let (start, end) = (one.min(other) * 15, one.max(other) * 15);
        (start < end).then_some(Times { start, end })
    });
    let weekday = (0_u8..=6, 0_u8..=6).prop_map(|(one, other)| one.min(other)..=one.max(other));
    let day = prop::sample::select(vec!["1:5", "-3:-1", "27:-1", "31", "-31:-30", "10:20"])
        .prop_map(|text| parse_days_of_month(text).unwrap());
    let zone = prop::sample::select(vec![Location::utc(), berlin()]);
    let times = prop::option::of(prop::collection::vec(span, 1..3));
    let weekdays = prop::option::of(prop::collection::vec(weekday, 1..2));
    let days_of_month = prop::option::of(prop::collection::vec(day, 1..2));
    (times, weekdays, days_of_month, zone).prop_map(|(times, weekdays, days_of_month, location)| {
        TimeInterval { times, weekdays, days_of_month, location, ..TimeInterval::default() }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// What a look at every quarter of an hour finds: all boundaries here lie on one.
    #[test]
    fn the_next_change_is_the_first_that_a_look_at_every_quarter_finds(
        parts in prop::collection::vec(any_interval(), 1..3),
        quarter in 0_i64..400 * 96,
    ) {
        // From the 1st of March 2026 on: both changes of clocks lie ahead.
        const QUARTER: i64 = 15 * 60 * 1000;
        let start = Timestamp::from_millis(1_772_323_200_000 + quarter * QUARTER);
        let calendar = calendar(parts);
        let is_now = calendar.contains("x", start);
        let found = calendar.next_change("x", start);
        let looks = (1..=100 * 96).map(|step| Timestamp::from_millis(start.as_millis() + step * QUARTER));
        let mut looks = looks.filter(|at| calendar.contains("x", *at) != is_now);
        match looks.next() {
            Some(first) => prop_assert_eq!(found.map(shown), Some(shown(first))),
            None => prop_assert!(found.is_none_or(|at| at.since(start).as_millis() > 100 * 86_400_000)),
        }
    }
}
