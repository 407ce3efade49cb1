//! The console's files.

use axum::http::{Method, StatusCode, header};

use crate::house::House;

#[tokio::test]
async fn any_path_leads_to_the_console_and_none_to_a_file_that_is_not_there() {
    let house = House::open().await;
    for path in ["/", "/alerts", "/settings/notifications/slack", "/alerts/17?q=a.b"] {
        let page = house.ask(Method::GET, path).send().await;
        assert!(page.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html"), "{path}");
        // With a console that is not built the page says how to build it.
        let built = page.status == StatusCode::OK;
        assert!(built || page.text.contains("cargo xtask run"), "{path}");
        if built {
            assert_eq!(page.headers[header::CACHE_CONTROL], "no-cache");
            let tag = page.headers[header::ETAG].to_str().unwrap().to_owned();
            let again = house.ask(Method::GET, path).header(header::IF_NONE_MATCH, &tag).send().await;
            assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
        }
    }
    for path in ["/assets/gone-123.js", "/api/nowhere", "/api", "/favicon.ico/../x", "/-/nothing"] {
        let answer = house.ask(Method::GET, path).send().await;
        let html = answer
            .headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.to_str().unwrap().contains("html"));
        assert!(answer.status == StatusCode::NOT_FOUND && !html || path.contains(".."), "{path}");
    }
    let posted = house.ask(Method::POST, "/alerts").send().await;
    assert_eq!(posted.problem().1, "method_not_allowed");
}
