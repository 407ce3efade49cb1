use std::cell::Cell;

use proptest::prelude::*;

use super::*;
use crate::matcher::MatchOp;

fn labels(text: &str) -> LabelSet {
    text.split_whitespace().filter_map(|pair| pair.split_once('=')).collect()
}

fn matchers(text: &str) -> Vec<Matcher> {
    let pairs = text.split_whitespace().filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| Matcher::equal(name, value)).collect()
}

/// A route that tells `receiver` of what has these labels.
fn to(receiver: &str, text: &str) -> RouteDraft {
    RouteDraft { receiver: Some(receiver.into()), matchers: matchers(text), ..RouteDraft::default() }
}

fn above(route: RouteDraft, routes: Vec<RouteDraft>) -> RouteDraft {
    RouteDraft { routes, ..route }
}

fn going_on(route: RouteDraft) -> RouteDraft {
    RouteDraft { continues: true, ..route }
}

fn tree(routes: Vec<RouteDraft>) -> RouteTree {
    RouteTree::new(above(to("default", ""), routes)).unwrap()
}

fn told(tree: &RouteTree, text: &str) -> Vec<String> {
    let receivers = tree.matching(&labels(text)).into_iter().filter_map(|id| tree.route(id));
    receivers.map(|route| route.receiver.to_string()).collect()
}

fn refused(root: RouteDraft) -> String {
    RouteTree::new(root).unwrap_err().to_string()
}

#[test]
fn the_deepest_route_that_matches_is_told_and_the_first_of_siblings_ends_the_search() {
    let tree = tree(vec![
        above(
            to("team-a", "team=a"),
            vec![to("pager-a", "severity=critical"), to("never", "severity=critical")],
        ),
        to("anyone", "severity=critical"),
    ]);
    assert_eq!(told(&tree, "team=a severity=critical"), ["pager-a"]);
    assert_eq!(told(&tree, "team=a severity=info"), ["team-a"]);
    assert_eq!(told(&tree, "team=b severity=critical"), ["anyone"]);
    assert_eq!(told(&tree, "team=b"), ["default"]);
    assert_eq!(told(&tree, ""), ["default"]);
}

#[test]
fn why_an_alert_does_not_end_on_a_route() {
    let tree = tree(vec![
        above(to("team-a", "team=a"), vec![to("pager-a", "severity=critical")]),
        to("anyone", "severity=critical"),
    ]);
    let (team, pager, anyone) = (RouteId(1), RouteId(2), RouteId(3));
    let missed = |route, text| tree.missed(route, &labels(text));
    let critical = matchers("severity=critical");
    let (route, matcher) = (pager, &critical[0]);
    assert_eq!(missed(pager, "team=a"), Some(Missed::Matcher { route, matcher }));
    let above = matchers("team=a");
    assert_eq!(missed(pager, ""), Some(Missed::Matcher { route: team, matcher: &above[0] }));
    assert_eq!(missed(team, "team=a severity=critical"), Some(Missed::Below(pager)));
    assert_eq!(missed(anyone, "team=a severity=critical"), Some(Missed::Sibling(team)));
    assert_eq!(missed(anyone, "severity=critical"), None);
    assert_eq!(missed(RouteId(9), ""), None, "there is no such route");
}

#[test]
fn continue_lets_an_alert_go_on_to_the_next_sibling() {
    let tree = tree(vec![
        going_on(to("archive", "")),
        going_on(above(to("team-a", "team=a"), vec![to("pager-a", "severity=critical")])),
        to("critical", "severity=critical"),
        to("too late", "severity=critical"),
    ]);
    assert_eq!(told(&tree, "team=a severity=critical"), ["archive", "pager-a", "critical"]);
    assert_eq!(told(&tree, "team=a"), ["archive", "team-a"]);
    assert_eq!(told(&tree, "x=y"), ["archive"], "not the parent as well");
}

#[test]
fn a_child_inherits_all_but_its_matchers_continue_and_time_intervals() {
    let names = |names: &[&str]| Some(names.iter().map(SmolStr::new).collect());
    let parent = RouteDraft {
        group_by: names(&["b", "a"]),
        group_wait: Some(Duration::ZERO),
        repeat_interval: Some(Duration::from_secs(60)),
        labels: labels("tier=1 owner=a"),
        mute_time_intervals: vec!["night".into()],
        active_time_intervals: vec!["day".into()],
        continues: true,
        ..to("parent", "x=1")
    };
    let child = RouteDraft {
        receiver: None,
        group_interval: Some(Duration::from_secs(7)),
        labels: labels("owner=b"),
        ..to("", "y=1")
    };
    let tree = tree(vec![above(parent, vec![child])]);
    let child = tree.route(RouteId(2)).unwrap();
    assert_eq!(&*child.receiver, "parent");
    assert_eq!(child.group_by, GroupBy::Labels(["a".into(), "b".into()].into()));
    let spans = [child.group_wait, child.group_interval, child.repeat_interval].map(|span| span.as_secs());
    assert_eq!(spans, [0, 7, 60]);
    assert_eq!(child.labels, labels("owner=b tier=1"));
    assert!(
        !child.continues && child.mute_time_intervals.is_empty() && child.active_time_intervals.is_empty()
    );
    assert_eq!((child.parent(), child.matchers().len()), (Some(RouteId(1)), 1));
    let root = tree.route(RouteId(0)).unwrap();
    let spans = [root.group_wait, root.group_interval, root.repeat_interval].map(|span| span.as_secs());
    assert_eq!(spans, [30, 300, 14_400], "Alertmanager's defaults");
    assert_eq!(root.children(), [RouteId(1)]);
}

#[test]
fn grouping_by_everything_by_nothing_and_by_names_takes_the_place_of_the_parents() {
    let by = |names: &[&str], routes| RouteDraft {
        group_by: Some(names.iter().map(SmolStr::new).collect()),
        ..above(to("x", ""), routes)
    };
    let tree =
        tree(vec![by(&["..."], vec![to("x", ""), by(&[], vec![to("x", ""), by(&["b", "gone"], vec![])])])]);
    let shared =
        |route: u32| tree.route(RouteId(route)).unwrap().group_by.labels(&labels("a=1 b=2")).to_string();
    assert_eq!(shared(0), "{}");
    assert_eq!(shared(1), r#"{a="1", b="2"}"#);
    assert_eq!(shared(2), r#"{a="1", b="2"}"#, "inherited");
    assert_eq!(shared(3), "{}", "an empty list is not none");
    assert_eq!(shared(4), "{}");
    assert_eq!(shared(5), r#"{b="2"}"#);
}

#[test]
fn keys_are_written_as_alertmanager_writes_them() {
    let odd = vec![
        Matcher::equal("z", "1"),
        Matcher::new("b", MatchOp::Regexp, "x|y").unwrap(),
        Matcher::equal("b", "q\"\\\n"),
        Matcher::new("b", MatchOp::NotEqual, "é\u{7}").unwrap(),
        Matcher::equal("a b", "é\u{7}"),
    ];
    let odd = RouteDraft {
        matchers: odd,
        group_by: Some(vec!["alertname".into(), "job".into(), "gone".into()]),
        ..to("x", "")
    };
    let tree = tree(vec![to("x", "z=1"), above(odd, vec![to("x", ""), to("x", "")])]);
    let key = r#"{}/{"a b"="é\a",b="q\"\\\n",b=~"x|y","#.to_owned() + "b!=\"é\u{7}\",z=\"1\"}";
    assert_eq!(tree.key(RouteId(0)), "{}");
    assert_eq!(tree.key(RouteId(2)), key);
    assert_eq!(tree.key(RouteId(4)), format!("{key}/{{}}"));
    assert_eq!(tree.key(RouteId(3)), tree.key(RouteId(4)), "keys of siblings can be the same");
    assert_eq!(tree.unique_key(RouteId(0)), "{}");
    assert_eq!(tree.unique_key(RouteId(1)), r#"{}/{z="1"}/0"#);
    assert_eq!(tree.unique_key(RouteId(4)), format!("{key}/1/{{}}/1"));
    let alert = LabelSet::from_pairs([("job", "a\"b\t"), ("alertname", "Down"), ("other", "1")]);
    let group = r#"{}/{z="1"}:{}"#;
    assert_eq!(tree.group_key(RouteId(1), &alert), group);
    assert_eq!(tree.group_key(RouteId(2), &alert), key + r#":{alertname="Down", job="a\"b\t"}"#);
    assert_eq!(tree.path(RouteId(4)), [RouteId(0), RouteId(2), RouteId(4)]);
    assert_eq!((tree.path(RouteId(9)), tree.routes().len()), (vec![], 5));
}

/// What a webhook of Alertmanager 0.25 got as `groupKey` for this route and this alert.
#[test]
fn a_group_key_is_the_one_that_alertmanager_told_a_webhook() {
    let route = RouteDraft {
        matchers: vec![
            Matcher::equal("z", "1"),
            Matcher::new("b", MatchOp::Regexp, "x|y").unwrap(),
            Matcher::new("b", MatchOp::NotEqual, "q\"\\\n").unwrap(),
        ],
        group_by: Some(vec!["alertname".into(), "job".into(), "gone".into()]),
        ..to("a", "")
    };
    let alert = [("alertname", "Döwn\u{1}"), ("job", "a\"b\t'\u{a0}"), ("z", "1"), ("b", "x")];
    let key = r#"{}/{b!="q\"\\\n",b=~"x|y",z="1"}:{alertname="Döwn\x01", job="a\"b\t'\u00a0"}"#;
    assert_eq!(tree(vec![route]).group_key(RouteId(1), &LabelSet::from_pairs(alert)), key);
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let by = |names: &[&str]| RouteDraft {
        group_by: Some(names.iter().map(SmolStr::new).collect()),
        ..to("x", "")
    };
    let night = || vec![Arc::from("night")];
    let zero = Some(Duration::ZERO);
    let below = |route| above(to("x", ""), vec![to("x", ""), above(to("x", ""), vec![route])]);
    let words = [
        refused(RouteDraft::default()),
        refused(to("", "")),
        refused(to("x", "a=1")),
        refused(going_on(to("x", ""))),
        refused(RouteDraft { active_time_intervals: night(), ..to("x", "") }),
        refused(below(by(&["a", "b", "a"]))),
        refused(below(by(&["...", "a"]))),
        refused(below(by(&["...", "..."]))),
        refused(below(by(&[""]))),
        refused(below(RouteDraft { group_interval: zero, ..to("x", "") })),
        refused(below(RouteDraft { repeat_interval: zero, ..to("x", "") })),
    ];
    assert_eq!(
        words,
        [
            "route: the root route must have a receiver",
            "route: the root route must have a receiver",
            "route: the root route must not have matchers: it takes every alert",
            "route: the root route must not say continue: nothing comes after it",
            "route: the root route must not have time intervals: put them on a route below it",
            "route.routes[1].routes[0]: the label \"a\" is grouped by twice",
            "route.routes[1].routes[0]: \"...\" groups by every label and stands alone in group_by",
            "route.routes[1].routes[0]: \"...\" groups by every label and stands alone in group_by",
            "route.routes[1].routes[0]: a label to group by has no name",
            "route.routes[1].routes[0]: group_interval must not be zero",
            "route.routes[1].routes[0]: repeat_interval must not be zero",
        ]
    );
}

#[test]
fn trees_have_limits() {
    let deep = |levels: usize| (1..levels).fold(to("x", ""), |below, _| above(to("x", ""), vec![below]));
    assert!(RouteTree::new(deep(MAX_ROUTE_DEPTH)).is_ok());
    assert!(refused(deep(MAX_ROUTE_DEPTH + 1)).ends_with("routes stand in one another more than 100 deep"));
    let wide = |routes: usize| above(to("x", ""), vec![RouteDraft::default(); routes - 1]);
    assert!(RouteTree::new(wide(MAX_ROUTES)).is_ok());
    assert!(refused(wide(MAX_ROUTES + 1)).ends_with("there are more than 100000 routes"));
}

#[test]
fn an_alert_asks_a_few_of_ten_thousand_routes() {
    let service = |team: u32, service: u32| to("x", &format!("service=s{}", team * 100 + service));
    let expression = |n: u32| {
        let matcher = Matcher::new("host", MatchOp::Regexp, format!("rack{n}-(a|b)[.].*")).unwrap();
        RouteDraft { matchers: vec![Matcher::equal("dc", "eu"), matcher], ..to("x", "") }
    };
    let teams = (0..50).map(|team| {
        let services = (0..100).map(|number| service(team, number)).collect();
        above(to("x", &format!("team=t{team}")), services)
    });
    let tree = tree(teams.chain((0..5_000).map(expression)).collect());
    assert!(tree.routes().len() > 10_000);
    let asked = |text: &str| {
        let count = Cell::new(0);
        let found = tree.walk(&labels(text), &mut |_| count.set(count.get() + 1));
        assert_eq!(found, plainly(&tree, &labels(text)));
        (tree.key(found[0]), count.get())
    };
    assert_eq!(asked("team=t7 service=s742"), (r#"{}/{team="t7"}/{service="s742"}"#.into(), 3));
    let (key, count) = asked("dc=eu host=rack4711-b.example");
    assert!(key.contains("rack4711-"), "{key}");
    assert!(count <= 3, "{count}");
    assert_eq!(asked("team=other").1, 1);
}

/// The search as Alertmanager does it: each child is asked.
fn plainly(tree: &RouteTree, labels: &LabelSet) -> Vec<RouteId> {
    fn descend(tree: &RouteTree, id: RouteId, labels: &LabelSet) -> Vec<RouteId> {
        let route = tree.route(id).unwrap();
        if !route.matchers().iter().all(|matcher| matcher.matches(labels)) {
            return vec![];
        }
        let mut found = vec![];
        for child in route.children() {
            let below = descend(tree, *child, labels);
            let is_last = !below.is_empty() && !tree.route(*child).unwrap().continues;
            found.extend(below);
            if is_last {
                break;
            }
        }
        if found.is_empty() { vec![id] } else { found }
    }
    descend(tree, RouteId(0), labels)
}

fn any_route() -> impl Strategy<Value = RouteDraft> {
    let op = prop::sample::select(vec![MatchOp::Equal, MatchOp::Equal, MatchOp::NotEqual, MatchOp::Regexp]);
    let value = prop::sample::select(vec!["", "1", "2", "3", "1|2", "1.*", ".*2", ".+"]);
    let matcher = (prop::sample::select(vec!["a", "b", "c"]), op, value)
        .prop_map(|(name, op, value)| Matcher::new(name, op, value).unwrap());
    let leaf = (prop::collection::vec(matcher, 0..3), any::<bool>())
        .prop_map(|(matchers, continues)| RouteDraft { matchers, continues, ..RouteDraft::default() });
    leaf.prop_recursive(3, 60, 12, |inner| {
        (inner.clone(), prop::collection::vec(inner, 0..12)).prop_map(|(route, routes)| above(route, routes))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_index_finds_what_the_plain_walk_finds(
        routes in prop::collection::vec(any_route(), 0..12),
        alerts in prop::collection::vec(prop::collection::vec((0_usize..4, 0_usize..5), 0..4), 1..20),
    ) {
        let tree = tree(routes);
        for alert in alerts {
            let pairs = alert.iter().map(|(name, value)| (["a", "b", "c", "d"][*name], ["", "1", "2", "12", "3"][*value]));
            let labels = LabelSet::from_pairs(pairs);
            prop_assert_eq!(tree.matching(&labels), plainly(&tree, &labels));
            let unmissed = tree.routes().map(|(id, _)| id).filter(|id| tree.missed(*id, &labels).is_none());
            let mut found = tree.matching(&labels);
            found.sort_unstable();
            prop_assert_eq!(unmissed.collect::<Vec<_>>(), found);
        }
    }
}
