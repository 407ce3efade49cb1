//! Alertmanager's own command-line client, as it comes from Debian.

use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::house::House;
use crate::larum::{PATIENCE, command};
use crate::peers;

/// amtool with the address and the service token of a house.
struct Amtool<'a> {
    house: &'a House,
    _folder: TempDir,
    login: PathBuf,
}

impl<'a> Amtool<'a> {
    fn of(house: &'a House) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a file");
        let login = folder.path().join("login.yml");
        let text = format!("authorization: {{type: Bearer, credentials: {}}}\n", house.administrator.token);
        std::fs::write(&login, text).expect("it can be written");
        Self { house, _folder: folder, login }
    }

    async fn says(&self, arguments: &[&str]) -> String {
        let mut amtool = command(peers::amtool());
        amtool.arg(format!("--alertmanager.url=http://{}", self.house.larum.address));
        amtool.arg(format!("--http.config.file={}", self.login.display())).args(arguments);
        let output = amtool.output().await.expect("amtool starts");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "amtool {arguments:?}: {out}{err}");
        out.into_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn amtool_adds_alerts_and_finds_them() {
    let house = House::start().await;
    house
        .receiver(&["#alerts"], json!([{"label": "alertname", "operator": "In", "values": ["Flood"]}]))
        .await;
    house.administrator.group(&["alertname"], "0s", "1s").await;
    let amtool = Amtool::of(&house);

    let summary = "--annotation=summary=Water in the cellar";
    amtool.says(&["alert", "add", summary, "alertname=Flood", "severity=warning", "floor=cellar one"]).await;
    let heard =
        house.slack.control().wait_for_messages(0, Some("#alerts"), 1, PATIENCE).await.expect("a channel");
    assert!(heard[0].text().contains("FIRING: Flood [warning]"), "{}", heard[0].text());

    let found = amtool.says(&["-o", "json", "alert", "query", "alertname=Flood", "floor=~cellar.*"]).await;
    let found: Value = serde_json::from_str(&found).expect("amtool speaks JSON");
    assert_eq!(
        found[0]["labels"],
        json!({"alertname": "Flood", "severity": "warning", "floor": "cellar one"})
    );
    assert_eq!(found[0]["annotations"]["summary"], "Water in the cellar");
    let nothing = amtool.says(&["-o", "json", "alert", "query", "floor=attic"]).await;
    assert_eq!(serde_json::from_str::<Value>(&nothing).expect("amtool speaks JSON"), json!([]));
    assert!(amtool.says(&["config", "show"]).await.contains("route"), "the status shows a configuration");
}

#[tokio::test(flavor = "multi_thread")]
async fn amtool_silences_updates_expires_and_imports() {
    let house = House::start().await;
    let amtool = Amtool::of(&house);
    let add = ["silence", "add", "--author=ada", "--comment=pumps are on their way", "--duration=2h"];
    let id = amtool.says(&[&add[..], &["alertname=Flood", "floor=~cellar.*"]].concat()).await;
    let id = id.trim();
    amtool.says(&["alert", "add", "alertname=Flood", "floor=cellar one"]).await;
    let alerts = amtool.says(&["-o", "json", "alert", "query", "--silenced"]).await;
    let alerts: Value = serde_json::from_str(&alerts).expect("amtool speaks JSON");
    assert_eq!(alerts[0]["status"]["silencedBy"], json!([id]));

    let updated = amtool.says(&["silence", "update", "--duration=3h", "--comment=still", id]).await;
    assert!(updated.contains(id) && updated.contains("still"), "{updated}");
    let exported = amtool.says(&["-o", "json", "silence", "query"]).await;
    let silences: Value = serde_json::from_str(&exported).expect("amtool speaks JSON");
    let matchers = json!([
        {"isEqual": true, "isRegex": false, "name": "alertname", "value": "Flood"},
        {"isEqual": true, "isRegex": true, "name": "floor", "value": "cellar.*"},
    ]);
    assert_eq!((&silences[0]["createdBy"], &silences[0]["matchers"]), (&json!("ada"), &matchers));

    amtool.says(&["silence", "expire", id]).await;
    assert_eq!(amtool.says(&["silence", "query", "-q"]).await.trim(), "");
    assert_eq!(amtool.says(&["silence", "query", "-q", "--expired"]).await.trim(), id);

    let folder = tempfile::tempdir().expect("there is room for a file");
    let file = folder.path().join("silences.json");
    std::fs::write(&file, exported).expect("it can be written");
    amtool.says(&["silence", "import", "--force", &file.display().to_string()]).await;
    let imported = amtool.says(&["silence", "query", "-q", "alertname=Flood"]).await;
    assert!(!imported.trim().is_empty() && imported.trim() != id, "{imported}");
}
