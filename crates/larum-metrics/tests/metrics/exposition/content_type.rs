//! How the format is chosen.

use larum_metrics::exposition::{Choice, ContentTypeError, Format};

fn chosen(content_type: &str) -> Result<Format, String> {
    match Format::choose(Some(content_type), None) {
        Ok(Choice { format, doubt: None }) => Ok(format),
        Ok(choice) => panic!("without a fallback there is no doubt: {choice:?}"),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn the_media_type_decides() {
    for plain in
        ["text/plain", "Text/Plain; charset=utf-8", "text/plain;version=0.0.4;", "text/plain; version=1.0.0"]
    {
        assert_eq!(chosen(plain), Ok(Format::Text), "{plain}");
    }
    let openmetrics = "application/openmetrics-text";
    for parameters in ["", "; version=1.0.0; charset=utf-8; escaping=allow-utf-8", "; VERSION=\"0.0.1\""] {
        assert_eq!(chosen(&format!("{openmetrics}{parameters}")), Ok(Format::OpenMetrics), "{parameters}");
    }
}

#[test]
fn without_a_fallback_what_is_no_metrics_is_refused() {
    assert_eq!(Format::choose(None, None), Err(ContentTypeError::Missing));
    assert_eq!(chosen(" "), Err("the target sends no Content-Type".to_owned()));
    assert_eq!(chosen("text/html"), Err(r#"the Content-Type "text/html" is none of metrics"#.to_owned()));
    for malformed in [";", "text/plain; version", "text/plain; =1", "text/plain; a b=1"] {
        assert_eq!(chosen(malformed), Err(format!("the Content-Type {malformed:?} cannot be read")));
    }
}

#[test]
fn the_fallback_is_taken_with_a_doubt() {
    for doubtful in [None, Some("text/html"), Some("text/plain; version")] {
        let choice = Format::choose(doubtful, Some(Format::OpenMetrics)).unwrap();
        assert_eq!(choice.format, Format::OpenMetrics);
        assert!(choice.doubt.is_some());
    }
}

#[test]
fn the_fallback_is_not_taken_for_a_format_that_is_surely_another() {
    for other in
        ["application/vnd.google.protobuf; encoding=delimited", "application/openmetrics-text; version=2.0.0"]
    {
        let refused = Format::choose(Some(other), Some(Format::Text));
        assert!(matches!(refused, Err(ContentTypeError::NotRead(_))), "{refused:?}");
    }
}
