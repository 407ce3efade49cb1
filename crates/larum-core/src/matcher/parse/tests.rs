//! What people write, and what it means.

use super::*;

fn read(text: &str) -> String {
    parse_matcher(text, MatcherSyntax::Fallback)
        .map_or_else(|words| words.to_string(), |parsed| parsed.value.to_string())
}

#[test]
fn matchers_are_read_as_amtool_writes_them() {
    assert_eq!(read(r#"alertname="a b""#), r#"alertname="a b""#);
    assert_eq!(read("alertname=a"), r#"alertname="a""#);
    assert_eq!(read(" severity =~ crit.*|warn "), r#"severity=~"crit.*|warn""#);
    assert_eq!(read("a!=b"), r#"a!="b""#);
    assert_eq!(read("b="), r#"b="""#);
    assert_eq!(read("a b=c"), "bad matcher format: a b=c");
    assert_eq!(read("a=b c"), r#"a="b c""#);
    assert_eq!(read(r"instance=~\d+"), r#"instance=~"\\d+""#);
}

#[test]
fn the_classic_rules_go_before_those_for_utf8_where_both_know_what_is_said() {
    assert_eq!(read(r#"a="\t\u00e9\n""#), read(r#"a="\\t\\u00e9\n""#));
    assert_eq!(read("a=\"x"), "matcher value contains unescaped double quote: \"x");
}

#[test]
fn what_the_classic_rules_do_not_know_is_read_by_those_for_utf8() {
    assert_eq!(read(r#""a name"!~"x\"y\n""#), r#""a name"!~"x\"y\n""#);
    assert_eq!(read(r#""caf\u00e9"="\t\xf0\x9f\x99\x82\101""#), read("\"caf\u{e9}\"=\"\t\u{1f642}A\""));
    assert_eq!(read("a.b=c"), r#"a.b="c""#);
    assert_eq!(read(r#""a name"=b,"#), r#""a name"="b""#);
    assert_eq!(read("\u{fc}=\u{65e5}"), "\u{fc}=\"\u{65e5}\"");
}

#[test]
fn what_is_no_matcher_is_refused() {
    for text in ["foo", "", "=x", "1a b=c", r#""a b"=c d"#, r#""a b"="\xff""#, r#""a b"="\ud800""#, r#"""=x"#]
    {
        assert_eq!(read(text), format!("bad matcher format: {text}"));
    }
    for text in ["{a=x,b=y}", "{a=x", "a=x}"] {
        assert_eq!(read(text), format!("unexpected open or close brace: {text}"));
    }
    for text in [r#"a="b"c"#, r#"a=b"c"#, r#"a="b"#] {
        assert!(read(text).starts_with("matcher value contains unescaped double quote: "), "{text}");
    }
    assert!(read("a=~(").starts_with("error parsing regexp: missing closing ): `^(?:()$`"));
}

fn all(text: &str, syntax: MatcherSyntax) -> String {
    match parse_matchers(text, syntax) {
        Ok(parsed) => parsed.value.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        Err(words) => words.to_string(),
    }
}

#[test]
fn several_stand_between_commas_in_braces_or_without() {
    use MatcherSyntax::{Classic, Fallback, Utf8};
    for syntax in [Classic, Fallback, Utf8] {
        assert_eq!(all(r#"{a="b,}", c!~"d|e",}"#, syntax), r#"a="b,}" c!~"d|e""#);
        assert_eq!(all("a=b,c=d", syntax), r#"a="b" c="d""#);
        assert_eq!(all("{}", syntax), "");
        assert_eq!(all(" ", syntax), "");
    }
    assert_eq!(all("a=b,,c=d", Fallback), "bad matcher format: ");
    assert_eq!(all(r#"{"a b"=c, d.e=~"x\\.y"}"#, Fallback), r#""a b"="c" d.e=~"x\\.y""#);
}

#[test]
fn each_syntax_has_its_own_errors() {
    use MatcherSyntax::{Classic, Utf8};
    assert_eq!(all("a.b=c", Classic), "bad matcher format: a.b=c");
    assert_eq!(all(r"a=\d", Utf8), r"2:4: unexpected \d: expected label value");
    assert_eq!(all("a=", Utf8), "2: unexpected end of input: expected label value");
    assert_eq!(all("{a=b", Utf8), "4: unexpected end of input: expected close brace");
    assert_eq!(all("a=b}", Utf8), "0:4: expected an open brace");
    assert_eq!(all("a b", Utf8), "2:3: unexpected b: expected one of '=', '!=', '=~' or '!~'");
    assert_eq!(all("a=b c=d", Utf8), "4:7: unexpected c=d: expected a comma or the end");
}

#[test]
fn who_relies_on_the_classic_rules_is_told() {
    let warned = |text| parse_matchers(text, MatcherSyntax::Fallback).unwrap().warning;
    assert_eq!(warned(r#"a="b""#), None);
    assert_eq!(warned("a.b=c"), None);
    assert!(warned(r#"a=~"\\d+""#).is_none());
    assert!(warned(r#"a="\t""#).unwrap().contains("it means something else"));
    assert!(warned("a=b c").unwrap().contains("it is none (4:5: unexpected c"));
}

#[test]
fn a_name_of_a_label_is_classic_or_any_text() {
    assert!(MatcherSyntax::Classic.is_label_name("a_1") && !MatcherSyntax::Classic.is_label_name("1a"));
    assert!(!MatcherSyntax::Classic.is_label_name("a.b") && MatcherSyntax::Fallback.is_label_name("a.b"));
    assert!(!MatcherSyntax::Utf8.is_label_name(""));
}
