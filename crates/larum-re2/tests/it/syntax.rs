//! What Go's documentation says of its syntax (pkg.go.dev/regexp/syntax), part by part, with the whole of the text or a
//! piece of it that is found first.

use larum_re2::{Expression, Reason, Replacement};

/// A pattern, a text, and what is found in it first; none, if nothing is.
type Case = (&'static str, &'static str, Option<&'static str>);

fn check(cases: &[Case]) {
    for (pattern, text, expected) in cases {
        let expression = Expression::found(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
        let found = expression.captures(text).map(|found| found.get_match().as_str().to_owned());
        assert_eq!(found.as_deref(), *expected, "{pattern} in {text:?}");
    }
}

#[test]
fn letters_and_escapes_are_what_they_are_to_go() {
    check(&[
        (r"\x41\x{42}\103\n", "ABC\n", Some("ABC\n")),
        (r"\x{0001F600}", "😀", Some("😀")),
        (r"\07\a\f\t\v\r", "\u{7}\u{7}\u{c}\t\u{b}\r", Some("\u{7}\u{7}\u{c}\t\u{b}\r")),
        (r"\_\-\#\ \&\~\@\%", "_-# &~@%", Some("_-# &~@%")),
        (r"a\Q.*[\E.", "a.*[x", Some("a.*[x")),
        (r"\Q(", "(", Some("(")),
        (r"\Qab\E*", "abbb", Some("abbb")),
        ("# a", "x# a", Some("# a")),
        ("a{,2}", "a{,2}", Some("a{,2}")),
        ("a{2", "a{2", Some("a{2")),
        ("a{02}", "a{02}", Some("a{02}")),
        ("{", "{", Some("{")),
        ("]", "]", Some("]")),
        ("}", "}", Some("}")),
        (r"\x{D800}", "\u{FFFD}", None),
    ]);
}

#[test]
fn classes_are_of_ascii_unless_they_say_otherwise() {
    check(&[
        (r"^\d$", "٣", None),
        (r"^\w$", "é", None),
        (r"^\W$", "é", Some("é")),
        (r"^\s$", "\u{b}", None),
        (r"^\s$", "\u{a0}", None),
        (r"^[[:space:]]$", "\u{b}", Some("\u{b}")),
        (r"é\b", "é ", None),
        (r"a\b", "aé", Some("a")),
        (r"^\B$", "é", None),
        (r"^\pL$", "é", Some("é")),
        (r"^\p{Greek}+$", "αβ", Some("αβ")),
        (r"^\P{Greek}$", "α", None),
        (r"^\p{^Greek}$", "a", Some("a")),
        (r"^\pN$", "٣", Some("٣")),
        (r"^[\p{Lu}\d]+$", "É7", Some("É7")),
        (r"^[^\pL]$", "\n", Some("\n")),
        (r"^[[:^alpha:]]$", "é", Some("é")),
        (r"^[[:word:]]$", "_", Some("_")),
        (r"(?i)^\w$", "ſ", Some("ſ")),
        (r"(?i)^k$", "\u{212a}", Some("\u{212a}")),
        (r"(?i)^[^k]$", "\u{212a}", None),
    ]);
}

#[test]
fn signs_in_a_class_are_signs() {
    check(&[
        ("[a&&b]+", "&&", Some("&&")),
        ("[--a]", "A", Some("A")),
        ("[+--]", ",", Some(",")),
        ("[a~~b]", "~", Some("~")),
        ("[[a]b]", "[b]", Some("[b]")),
        ("[[a]", "[", Some("[")),
        ("[]a]+", "]a", Some("]a")),
        ("[^]a]", "]", None),
        ("[a-]+", "-a", Some("-a")),
        ("[-a]+", "-a", Some("-a")),
        ("[a-b-c]+", "-c", Some("-c")),
        (r"[\d-x]+", "1-x", Some("1-x")),
        (r"[\]\\^]+", "]\\^", Some("]\\^")),
        ("[ #]+", " #", Some(" #")),
        ("[[:foo]+", "[:fo", Some("[:fo")),
        (r"[\x{D800}-\x{E001}]", "\u{E000}", Some("\u{E000}")),
        (r"[\x{D800}]", "a", None),
        (r"[^\x{D800}]", "a", Some("a")),
        ("[.$|(]+", ".$|(", Some(".$|(")),
    ]);
}

#[test]
fn flags_hold_until_their_group_ends() {
    check(&[
        ("a(?i)b|c", "C", Some("C")),
        ("(a(?i)b)c", "aBC", None),
        ("(?i:a)b", "AB", None),
        ("(?i)a(?-i)b", "Ab", Some("Ab")),
        (".", "\n", None),
        ("(?s).", "\n", Some("\n")),
        ("(?m)^b$", "a\nb\nc", Some("b")),
        ("^b$", "a\nb\nc", None),
        ("a$", "a\n", None),
        (r"a\z", "a\n", None),
        ("(?U)a+", "aaa", Some("a")),
        ("(?U)a+?", "aaa", Some("aaa")),
        ("a+?", "aaa", Some("a")),
        ("(?is-mU:A.b)", "a\nB", Some("a\nB")),
        ("a(?i)*", "aa", Some("aa")),
        ("(?:|a)+", "aa", Some("")),
        ("a||b", "b", Some("")),
        ("()|a", "a", Some("")),
        ("(|a)*", "aa", Some("")),
    ]);
}

#[test]
fn what_go_refuses_is_refused_with_the_part_that_is_wrong() {
    let cases = [
        ("(", Reason::MissingParenthesis, "("),
        ("a)b", Reason::UnexpectedParenthesis, "a)b"),
        ("x[a", Reason::MissingBracket, "[a"),
        ("[a", Reason::MissingBracket, "[a"),
        ("[b-a]", Reason::CharRange, "b-a"),
        ("[a--z]", Reason::CharRange, "a--"),
        ("[[:foo:]]", Reason::CharRange, "[:foo:]"),
        (r"\p{Nope}", Reason::CharRange, r"\p{Nope}"),
        (r"\pZZ\pq", Reason::CharRange, r"\pq"),
        (r"\p{gc=Lu}", Reason::CharRange, r"\p{gc=Lu}"),
        (r"\p{Alphabetic}", Reason::CharRange, r"\p{Alphabetic}"),
        (r"\p", Reason::CharRange, r"\p"),
        (r"a\", Reason::TrailingBackslash, ""),
        (r"\C", Reason::Escape, r"\C"),
        (r"\Z", Reason::Escape, r"\Z"),
        (r"\1", Reason::Escape, r"\1"),
        (r"\8", Reason::Escape, r"\8"),
        (r"\G", Reason::Escape, r"\G"),
        (r"\e", Reason::Escape, r"\e"),
        (r"\u0041", Reason::Escape, r"\u"),
        (r"\x{110000}", Reason::Escape, r"\x{110000"),
        (r"\x{}", Reason::Escape, r"\x{}"),
        (r"\xzz", Reason::Escape, r"\xzz"),
        (r"[\b]", Reason::Escape, r"\b"),
        (r"[a\Q]\E]", Reason::Escape, r"\Q"),
        ("*", Reason::MissingArgument, "*"),
        ("a|+?", Reason::MissingArgument, "+?"),
        ("(*a)", Reason::MissingArgument, "*"),
        ("{2}", Reason::MissingArgument, "{2}"),
        ("a**", Reason::RepeatOperator, "**"),
        ("a+?*", Reason::RepeatOperator, "+?*"),
        ("a{2}{3}", Reason::RepeatOperator, "{2}{3}"),
        ("a??+", Reason::RepeatOperator, "??+"),
        ("x{1001}", Reason::RepeatSize, "{1001}"),
        ("x{2,1}", Reason::RepeatSize, "{2,1}"),
        ("x{99999999999}", Reason::RepeatSize, "{99999999999}"),
        ("((x{100}){2}){6}", Reason::RepeatSize, "{6}"),
        ("(?x)a", Reason::PerlOperator, "(?x"),
        ("(?=a)", Reason::PerlOperator, "(?="),
        ("(?<!a)", Reason::NamedCapture, "(?<!a)"),
        ("(?<=a)", Reason::NamedCapture, "(?<=a)"),
        ("(?#a)", Reason::PerlOperator, "(?#"),
        ("(?i-)", Reason::PerlOperator, "(?i-)"),
        ("(?R)", Reason::PerlOperator, "(?R"),
        ("(?u)", Reason::PerlOperator, "(?u"),
        ("(?P<a b>x)", Reason::NamedCapture, "(?P<a b>"),
        ("(?P<a", Reason::NamedCapture, "(?P<a"),
        ("(?P=a)", Reason::PerlOperator, "(?P"),
        ("(?i", Reason::MissingParenthesis, "(?i"),
    ];
    for (pattern, reason, part) in cases {
        let error = Expression::found(pattern).expect_err(pattern);
        assert_eq!((error.reason, error.part.as_str()), (reason, part), "{pattern}");
    }
    let error = Expression::whole("(").expect_err("it is open");
    assert_eq!(error.to_string(), "error parsing regexp: missing closing ): `^(?s:()$`");
}

#[test]
fn what_is_too_large_is_refused_in_words_and_soon() {
    for pattern in [r"\pL{1000}", "(?:a{30}){30}.{1000}\\pL{500}", &r"\pL".repeat(10_000), &"(".repeat(2000)]
    {
        let error = Expression::found(pattern).expect_err(pattern);
        assert!(matches!(error.reason, Reason::Large | Reason::Depth), "{}", error.reason.in_words());
        assert!(error.to_string().len() < 1000);
    }
    assert!(Expression::found(&format!("{}a{}", "(".repeat(100), ")".repeat(100))).is_ok());
}

#[test]
fn a_whole_text_is_looked_at_with_line_feeds_or_without() {
    assert!(Expression::whole("a.b").unwrap().is_match("a\nb"));
    assert!(!Expression::whole_line("a.b").unwrap().is_match("a\nb"));
    assert!(!Expression::whole("a|b").unwrap().is_match("ab"));
    // What stands around a pattern is put there as text, as Prometheus does.
    assert!(Expression::whole("a)|(b").unwrap().is_match("ax"));
}

#[test]
fn what_is_found_is_put_in_as_go_puts_it_in() {
    let expression = Expression::found("(?P<first>a)(?<2nd>b)?").unwrap();
    let found = expression.captures("xab").unwrap();
    for (with, expected) in [
        ("$1x", ""),
        ("${1}x", "ax"),
        ("$first-$2nd", "a-b"),
        ("$1_$2", "b"),
        ("$01$9", ""),
        ("$$1 $- ${ ${} ${1 $", "$1 $- ${ ${} ${1 $"),
        ("$1é", ""),
        ("$0", "ab"),
        ("", ""),
    ] {
        let mut out = String::new();
        Replacement::new(with)
            .write(&mut out, 99, |name| expression.group(&found, name).map(|at| &"xab"[at]));
        assert_eq!(out, expected, "{with}");
    }
}
