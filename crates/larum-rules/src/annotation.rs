//! The annotations of a rule: its texts, parsed once and filled in for every series.

use std::sync::Arc;

use larum_core::label::LabelSet;
use smol_str::SmolStr;

use crate::text::{Ask, Inquiry, Ready, Scene, Text};

/// What the texts of every rule can say of the whole installation.
#[derive(Clone, Debug, Default)]
pub struct Installation {
    /// `$externalLabels`.
    pub external_labels: LabelSet,
    /// `$externalURL`.
    pub external_url: Arc<str>,
}

/// Why a text is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct AnnotationError {
    /// Which annotation or label.
    pub name: SmolStr,
    /// What is wrong with its text.
    pub message: String,
}

/// Annotations or labels ready to be filled in.
#[derive(Debug)]
pub(crate) struct Annotations(Vec<(SmolStr, Text)>);

impl Annotations {
    /// Parses the texts of annotations, given with their names.
    ///
    /// # Errors
    /// An [`AnnotationError`] for each text that is no template, or that asks for what Larum does not know.
    pub fn parse<'a>(
        texts: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Vec<AnnotationError>> {
        let (mut parsed, mut errors) = (Vec::new(), Vec::new());
        for (name, text) in texts {
            match Text::parse(text) {
                Ok(text) => parsed.push((SmolStr::new(name), text)),
                Err(error) => errors.push(AnnotationError { name: name.into(), message: error.to_string() }),
            }
        }
        if errors.is_empty() { Ok(Self(parsed)) } else { Err(errors) }
    }

    /// The texts with the functions of one evaluation, to be filled in for its series.
    pub fn ready<'a>(&'a self, inquiry: &Arc<Inquiry>, ask: &'a dyn Ask) -> ReadyTexts<'a> {
        ReadyTexts(self.0.iter().map(|(name, text)| (name, text.ready(inquiry, ask))).collect())
    }
}

/// Texts ready to be filled in for the series of one evaluation.
pub(crate) struct ReadyTexts<'a>(Vec<(&'a SmolStr, Ready<'a>)>);

impl ReadyTexts<'_> {
    /// The texts filled in for a series, with those that come to nothing among them, and what could not be filled in, a
    /// sentence for each; `kind` says what the texts are. One that cannot be filled in says so in its place, with the
    /// words of Prometheus (`rules/alerting.go`, `Eval`).
    pub fn fill(&self, kind: &str, scene: &Scene) -> (Vec<(SmolStr, String)>, Vec<String>) {
        let mut warnings = Vec::new();
        let texts = self.0.iter().map(|(name, text)| {
            let filled = text.fill(scene).unwrap_or_else(|error| {
                warnings.push(format!("The {kind} {name} cannot be filled in: {error}"));
                format!("<error expanding template: {error}>")
            });
            ((*name).clone(), filled)
        });
        (texts.collect(), warnings)
    }
}

#[cfg(test)]
mod tests {
    use larum_core::time::Timestamp;
    use proptest::prelude::*;

    use super::*;
    use crate::text::{Moment, NobodyToAsk};

    fn installation() -> Installation {
        let external_labels = LabelSet::from_pairs([("x", "y")]);
        Installation { external_labels, external_url: "http://larum.example/x".into() }
    }

    /// The texts filled in for a series with these labels, and what could not be.
    fn fill_all(texts: &Annotations, labels: &LabelSet, value: f64) -> (LabelSet, Vec<String>) {
        let installation = installation();
        let moment =
            Moment { at: Timestamp::from_millis(1_500), ask: &NobodyToAsk, installation: &installation };
        let ready = texts.ready(&Inquiry::new(&moment), moment.ask);
        let (texts, warnings) = ready.fill("annotation", &Scene::new(labels, value, &installation));
        (LabelSet::from_pairs(texts), warnings)
    }

    /// The text filled in for a series `m{n="1", c="z"}` with this value, or what is wrong with it.
    fn fill(text: &str, value: f64) -> String {
        let labels = LabelSet::from_pairs([("__name__", "m"), ("n", "1"), ("c", "z")]);
        match Annotations::parse([("text", text)]) {
            Ok(annotations) => fill_all(&annotations, &labels, value).0.value("text").into(),
            Err(errors) => format!("refused: {}", errors[0].message),
        }
    }

    // What promtool 2.42 makes of the same texts.
    #[test]
    fn texts_are_filled_in_as_prometheus_does() {
        let million = 1_234_567.0;
        let cases = [
            ("no template", "no template"),
            (
                "{{ $value }} {{ print $value }} {{ printf \"%v\" $value }}",
                "1.234567e+06 1.234567e+06 1.234567e+06",
            ),
            ("{{ .Value | humanize }} {{ $value | printf \"%.4g\" }}", "1.235M 1.235e+06"),
            ("[{{ $labels.nope }}] [{{ .Labels.nope }}] [{{ index $labels \"nope\" }}]", "[] [] []"),
            ("[{{ $labels.nope | toUpper }}] {{ with $labels.nope }}x{{ else }}y{{ end }}", "[] y"),
            ("{{ $labels }}", "map[__name__:m c:z n:1]"),
            (
                "{{ range $k, $v := $labels }}{{ $k }}={{ $v }};{{ end }} {{ len $labels }}",
                "__name__=m;c=z;n=1; 3",
            ),
            ("{{ or $labels.node $labels.n }}", "1"),
            (
                "{{ $externalURL }} {{ externalURL }} {{ $externalLabels.x }} {{ .ExternalLabels.no }}",
                "http://larum.example/x http://larum.example/x y ",
            ),
            ("{{ if gt $value 1e6 }}much{{ end }}{{/* not shown */}} {{- 1 }}", "much1"),
            (
                "{{ $x := $labels.c }}{{ $x }} {{ title \"aa bb\" }} {{ match \"z+\" $labels.c }}",
                "z Aa Bb true",
            ),
            ("{{ reReplaceAll \"(.)\" \"<$1>\" $labels.c }} {{ \"a:1\" | stripPort }}", "<z> a"),
            (
                "{{ \"0.5\" | humanizePercentage }} {{ humanize 999999 }} {{ humanizeDuration -3 }}",
                "50% 1000k -3s",
            ),
            ("{{ html \"<a>\" }} {{ urlquery \"a b\" }} {{ slice \"abc\" 1 2 }}", "&lt;a&gt; a+b b"),
            ("{{ $labels.n }}{{ range 3 }}{{ . }}{{ end }}", "1012"),
        ];
        for (text, expected) in cases {
            assert_eq!(fill(text, million), expected, "{text}");
        }
        assert_eq!(fill("{{ $value }}", 93.2), "93.2");
        assert_eq!(fill("{{ $value }}", f64::INFINITY), "+Inf");
    }

    #[test]
    fn a_text_that_fails_says_so_in_its_place_and_in_a_warning() {
        let texts = [("summary", "{{ humanize \"one\" }}"), ("description", "{{ .Nope }}"), ("third", "ok")];
        let (filled, warnings) = fill_all(&Annotations::parse(texts).unwrap(), &LabelSet::empty(), 1.0);
        assert_eq!(filled.value("third"), "ok");
        let summary = filled.value("summary");
        assert!(summary.starts_with("<error expanding template: ") && summary.ends_with('>'), "{summary}");
        assert!(
            summary.contains("error calling humanize: strconv.ParseFloat: parsing \"one\": invalid syntax")
        );
        assert!(filled.value("description").contains("can't evaluate field Nope"));
        assert_eq!(warnings.len(), 2);
        assert!(warnings[0].starts_with("The annotation summary cannot be filled in: "));
    }

    #[test]
    fn what_is_not_known_is_refused_by_name() {
        let cases = [
            ("{{ nonsense 1 }}", "function \"nonsense\" not defined"),
            ("{{ if true }}{{ tmpl \"x\" }}{{ end }}", "function \"tmpl\" not defined"),
            ("{{ define \"x\" }}{{ $labels.n }}{{ end }}", "undefined variable \"$labels\""),
            (
                "{{ define \"x\" }}a{{ end }}{{ define \"x\" }}b{{ end }}",
                "multiple definition of template \"x\"",
            ),
            ("{{ define \"x\" }}{{ nope }}{{ end }}", "function \"nope\" not defined"),
            ("{{ $value ", "unclosed action"),
            ("{{ $nope }}", "undefined variable \"$nope\""),
            ("{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }}", "undefined variable \"$x\""),
            ("{{ with $y := 1 }}{{ $y }}{{ end }}{{ $label.node }}", "undefined variable \"$label\""),
            ("a {{ 1 }}{{ end }}", "is missing, or there is"),
            ("a {{ else }} b", "is missing, or there is"),
            ("{{ if true }}x{{ end }}{{ end }}{{ nil }}", "is missing, or there is"),
            ("{{ if true }}", "is missing, or there is"),
            ("{{ break }}", "{{break}} outside {{range}}"),
            ("{{ range $labels }}{{ else }}{{ continue }}{{ end }}", "{{continue}} outside {{range}}"),
            (
                "{{ range $labels }}{{ define \"x\" }}{{ break }}{{ end }}{{ end }}",
                "{{break}} outside {{range}}",
            ),
        ];
        for (text, words) in cases {
            let said = fill(text, 1.0);
            assert!(said.starts_with("refused: ") && said.contains(words), "{text}: {said}");
        }
    }

    #[test]
    fn labels_are_data_and_never_templates() {
        let labels = LabelSet::from_pairs([("evil", "{{ $value }} <!channel> %d %s")]);
        let annotations =
            Annotations::parse([("text", "{{ $labels.evil }} {{ print $labels.evil }}")]).unwrap();
        let (filled, _) = fill_all(&annotations, &labels, 1.0);
        let evil = "{{ $value }} <!channel> %d %s";
        assert_eq!(filled.value("text"), format!("{evil} {evil}"));
    }

    #[test]
    fn neither_text_nor_time_grows_without_bounds() {
        let doubling = "{{ $x := \"ab\" }}".to_owned() + &"{{ $x = print $x $x }}".repeat(60);
        assert!(fill(&doubling, 1.0).contains("error calling print: more than 16384 bytes"));
        let escaped = format!("{{{{ \"\\\\\" {} }}}}", "| js ".repeat(100));
        assert!(fill(&escaped, 1.0).contains("more than 16384 bytes"));
        assert!(fill("{{ range 1000000000 }}x{{ end }}", 1.0).contains("range iteration budget exhausted"));
        let twice = "{{ template \"x\" (slice . 1) }}".repeat(2);
        let doubling = format!("{{{{ define \"x\" }}}}{{{{ if . }}}}{twice}{{{{ end }}}}{{{{ end }}}}");
        let said = fill(&format!("{doubling}{{{{ template \"x\" \"{}\" }}}}", "a".repeat(40)), 1.0);
        assert!(said.contains("more than 1000 templates within templates"), "{said}");
        let endless = "{{ define \"x\" }}{{ template \"x\" }}{{ end }}{{ template \"x\" }}";
        assert!(fill(endless, 1.0).contains("recursion limit exceeded"));
        let long = fill(&"{{ printf \"%9000d\" 1 }}é".repeat(2), 1.0);
        assert!(long.ends_with('…') && long.len() <= crate::text::MAX_TEXT + "…".len());
        let deep = format!("{{{{ {}1{} }}}}", "(".repeat(2000), ")".repeat(2000));
        assert!(fill(&deep, 1.0).contains("depth"), "{}", fill(&deep, 1.0));
        assert!(fill("{{ match \"(((a{99}){99}){99}){99}\" \"a\" }}", 1.0).contains("error calling match"));
    }

    const WORDS: [&str; 24] = [
        "{{",
        "}}",
        "{{-",
        "-}}",
        "/*",
        "*/",
        "if",
        "range",
        "with",
        "else",
        "end",
        "define \"x\"",
        "template \"x\"",
        "block",
        "break",
        "$",
        "$labels",
        "$x :=",
        ".n",
        "|",
        "(",
        ")",
        "\"",
        "`",
    ];
    const FUNCTIONS: [&str; 30] = [
        "printf",
        "print",
        "index",
        "slice",
        "len",
        "html",
        "title",
        "toUpper",
        "reReplaceAll",
        "match",
        "args",
        "query",
        "first",
        "value",
        "label \"n\"",
        "sortByLabel",
        "stripDomain",
        "humanize",
        "humanize1024",
        "humanizeDuration",
        "humanizeTimestamp",
        "toTime",
        "toDuration",
        "parseDuration",
        "(toTime 1).Format",
        "(toTime 1).AddDate",
        "(toTime 1).Round",
        "(toTime -1e9).Sub",
        "(toDuration 1).Truncate",
        "lt",
    ];
    const VALUES: [&str; 20] = [
        "",
        "0",
        "-1",
        "1e308",
        "9223372036854775807",
        "\"\"",
        "\"ä%\"",
        "\"%[2]*.3[1]d%c%-+#09U\"",
        "\"[a]:%\"",
        "\"(ä)|\"",
        "\"$1${x}$\"",
        "\"Jan _2 .999Z07\"",
        "$labels",
        "$value",
        "$",
        "nil",
        "true",
        "(toTime 9e9)",
        "(toDuration -9e9)",
        "(args 1 nil)",
    ];

    proptest! {
        #[test]
        fn no_text_makes_it_panic(words in prop::collection::vec(prop::sample::select(&WORDS[..]), 0..12)) {
            prop_assert!(!fill(&words.join(" "), 1.0).contains("panicked"));
        }

        #[test]
        fn no_value_makes_a_function_panic(
            function in prop::sample::select(&FUNCTIONS[..]),
            values in prop::collection::vec(prop::sample::select(&VALUES[..]), 0..5),
            number in any::<f64>(),
        ) {
            for before in ["", "$value | "] {
                let text = format!("{{{{ {before}{function} {} }}}}", values.join(" "));
                // What panics in a function is caught by crate gotmpl, and told as an error.
                prop_assert!(!fill(&text, number).contains("panicked"), "{}", text);
            }
        }
    }
}
