//! Slack's rules for a message, written down a second time: a mistake shared with the renderer would hide itself.
//! Slack, "chat.postMessage", "Blocks", "Text object", "Formatting text for app surfaces".

use serde_json::Value;

/// What is wrong with a message by Slack's rules; nothing, if all is well.
pub fn faults(body: &str) -> Vec<String> {
    let body: Value = match serde_json::from_str(body) {
        Ok(body) => body,
        Err(error) => return vec![format!("no JSON: {error}")],
    };
    let mut faults = Vec::new();
    let text = body["text"].as_str().unwrap_or_default();
    check(&mut faults, "text", text, 4_000);
    let mut all = 0;
    for attachment in body["attachments"].as_array().into_iter().flatten() {
        check(&mut faults, "fallback", attachment["fallback"].as_str().unwrap_or_default(), 4_000);
        let blocks = attachment["blocks"].as_array().unwrap();
        if blocks.is_empty() || blocks.len() > 50 {
            faults.push(format!("{} blocks", blocks.len()));
        }
        for block in blocks {
            all += block_faults(&mut faults, block);
        }
    }
    if all > 10_000 {
        faults.push(format!("{all} characters in all blocks"));
    }
    faults
}

fn block_faults(faults: &mut Vec<String>, block: &Value) -> usize {
    let list = |name: &str| block[name].as_array().map_or(&[][..], Vec::as_slice);
    let single: Vec<&Value> = block.get("text").into_iter().collect();
    let (fields, elements) = (list("fields"), list("elements"));
    match block["type"].as_str() {
        Some("section") if single.is_empty() == fields.is_empty() => {
            faults.push("a section of nothing".to_owned());
        }
        Some("context") if elements.is_empty() => faults.push("a context of nothing".to_owned()),
        Some("section" | "context") => {}
        other => faults.push(format!("a block of type {other:?}")),
    }
    if fields.len() > 10 || elements.len() > 10 {
        faults.push("more than ten parts".to_owned());
    }
    let texts = single.into_iter().map(|text| (text, 3_000));
    let texts =
        texts.chain(fields.iter().map(|text| (text, 2_000))).chain(elements.iter().map(|text| (text, 3_000)));
    let mut total = 0;
    for (object, limit) in texts {
        if object["type"] != "mrkdwn" || object["verbatim"] != true {
            faults.push(format!("a text that Slack would parse: {object}"));
        }
        let text = object["text"].as_str().unwrap_or_default();
        check(faults, "a block", text, limit);
        total += text.encode_utf16().count();
    }
    total
}

fn check(faults: &mut Vec<String>, place: &str, text: &str, limit: usize) {
    let mut fault = |what: &str| faults.push(format!("{place}: {what}: {text:?}"));
    let length = text.encode_utf16().count();
    if length == 0 || length > limit {
        fault(&format!("{length} characters"));
    }
    if text.chars().any(|c| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c)) {
        fault("control characters");
    }
    let lower = text.to_lowercase();
    if ["@here", "@channel", "@everyone"].iter().any(|call| lower.contains(call)) {
        fault("a call in plain text");
    }
    let mut rest = text;
    while let Some(at) = rest.find(['<', '>', '&']) {
        rest = match after_markup(&rest[at..]) {
            Some(after) => after,
            None => return fault("markup that is not ours"),
        };
    }
    if place == "a block" && text.matches('`').count() % 2 == 1 {
        faults.push(format!("{place}: an open code span: {text:?}"));
    }
}

/// What follows an escape, a web link or a date; nothing if it is something else.
fn after_markup(text: &str) -> Option<&str> {
    for escape in ["&amp;", "&lt;", "&gt;"] {
        if let Some(after) = text.strip_prefix(escape) {
            return Some(after);
        }
    }
    let (inside, after) = text.strip_prefix('<')?.split_once('>')?;
    let link = |url: &str, label: &str| {
        let scheme = url.starts_with("https://") || url.starts_with("http://");
        scheme && !url.contains([' ', '<', '"', '`']) && !label.is_empty() && !label.contains(['|', '<'])
    };
    let date = |rest: &str| {
        let mut parts = rest.splitn(2, '|');
        let stamp = parts.next()?.split('^').next()?.parse::<i64>().ok()?;
        (stamp > 0 && parts.next()?.ends_with(" UTC")).then_some(())
    };
    let ours = match inside.strip_prefix("!date^") {
        Some(rest) => date(rest).is_some(),
        None => inside.split_once('|').map_or_else(|| link(inside, inside), |(url, label)| link(url, label)),
    };
    ours.then_some(after)
}

#[test]
fn the_check_itself_finds_what_it_looks_for() {
    let with = |text: &str| format!(r#"{{"text":{}}}"#, Value::from(text));
    for good in ["a &lt;b&gt; &amp;amp;", "<https://a/|b>", "<!date^17^{time}|2020-01-01 00:00 UTC> c"] {
        assert_eq!(faults(&with(good)), Vec::<String>::new(), "{good}");
    }
    for bad in [
        "",
        "<!channel>",
        "<@U1>",
        "a & b",
        "a > b",
        "<#C1>",
        "<javascript:x|b>",
        "@Here",
        "\u{202e}",
        "<!date^x^|y UTC>",
    ] {
        assert!(!faults(&with(bad)).is_empty(), "{bad}");
    }
}
