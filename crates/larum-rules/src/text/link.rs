//! Links in templates (Prometheus, "Template reference", `graphLink`, `tableLink`, `pathPrefix`).

/// Where the graph of an expression is, relative to where Larum is.
pub fn graph_link(expr: &str) -> String {
    format!("/graph?g0.expr={}&g0.tab=0", larum_template::url_encode(expr))
}

/// Where the table of an expression is.
pub fn table_link(expr: &str) -> String {
    format!("/graph?g0.expr={}&g0.tab=1", larum_template::url_encode(expr))
}

/// The path of an address, decoded, without a slash behind.
pub fn path(url: &str) -> String {
    let behind = url.split_once("://").map_or(url, |(_, behind)| behind);
    let behind = behind.split(['?', '#']).next().unwrap_or_default();
    let path = behind.find('/').map_or("", |at| behind[at..].trim_end_matches('/'));
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, after @ ..] = rest {
        let code = match after {
            [a, b, ..] if *first == b'%' => hex(*a).zip(hex(*b)).map(|(a, b)| a * 16 + b),
            _ => None,
        };
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn an_address_has_a_path() {
        let paths = [
            ("http://larum.example:9090/a%20b/x?y#z", "/a b/x"),
            ("http://larum.example", ""),
            ("http://larum.example/x/", "/x"),
            ("http://x?/y", ""),
            ("/x%2", "/x%2"),
            ("%", ""),
            ("", ""),
        ];
        for (url, found) in paths {
            assert_eq!(path(url), found, "{url}");
        }
    }
}
