//! A step is one row that is inserted into a view, and triggers write down what stands in its columns. So it is one
//! statement, which is a transaction of its own, and the way to the database's thread and back is gone once.

use sqlx::SqliteConnection;

use super::{ALERTS, BODIES, CHANGES, DELIVERIES, ENDED_GROUPS, FIRST_TOLD, GROUPS, NEXT_ID, POLICY_STATES};
use super::{TRANSITIONS, VERDICTS, lanes};
use crate::silences::{FORGOTTEN, SILENCES};

/// The view's columns: rows of a table as JSON each, or nothing where a step has none.
const COLUMNS: [&str; 18] = [
    "alerts",
    "records",
    "verdicts",
    "alert_groups",
    "ended_groups",
    "first_told",
    "bodies",
    "deliveries",
    "changes",
    "resumed",
    "paused",
    "past",
    "retry_after",
    "policy_states",
    "transitions",
    "silences",
    "forgotten",
    "next_id",
];

/// Inserts a step; what stands in its columns is bound in their order.
pub(super) const STEP: &str =
    "INSERT INTO step VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// What is written down because of which column. In which order the triggers go is not said, so what must go before something
/// else stands before it in the same one.
const TRIGGERS: [(&[&str], &[&str]); 11] = [
    (&["alerts"], &[ALERTS]),
    (&["verdicts"], &[VERDICTS]),
    (&["alert_groups", "ended_groups"], &[GROUPS, ENDED_GROUPS]),
    (&["first_told"], &[FIRST_TOLD]),
    (&["bodies", "deliveries", "changes"], &[BODIES, DELIVERIES, CHANGES]),
    (&["resumed", "paused"], &[lanes::RESUMED, lanes::PAUSED]),
    (&["past", "retry_after"], &[lanes::PAST, lanes::RETRY_AFTER]),
    (&["policy_states"], &[POLICY_STATES]),
    (&["transitions"], &[TRANSITIONS]),
    (&["silences", "forgotten"], &[SILENCES, FORGOTTEN]),
    (&["next_id"], &[NEXT_ID]),
];

/// Prepares a connection for steps. The view and its triggers are its own and lie in no file.
pub(crate) async fn prepare(db: &mut SqliteConnection) -> sqlx::Result<()> {
    let nothing = COLUMNS.map(|_| "NULL").join(", ");
    let mut script = format!("CREATE TEMP VIEW step ({}) AS SELECT {nothing};", COLUMNS.join(", "));
    for (columns, statements) in TRIGGERS {
        let (name, any) = (columns[0], columns.iter().map(|column| format!("NEW.{column} IS NOT NULL")));
        let any = any.collect::<Vec<_>>().join(" OR ");
        script += &format!("\nCREATE TEMP TRIGGER step_{name} INSTEAD OF INSERT ON step WHEN {any} BEGIN");
        statements.iter().for_each(|statement| script += &format!("{statement};"));
        script += "\nEND;";
    }
    sqlx::raw_sql(sqlx::AssertSqlSafe(script)).execute(db).await?;
    Ok(())
}
