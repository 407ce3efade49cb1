//! Policies to and from rule files of Prometheus.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use futures_util::{StreamExt, stream};
use larum_core::alert::PolicyId;
use larum_core::policy::{Policy, PolicyDraft, PolicyKind};
use larum_rules::{Import, Imported, complete_draft, export_rules, import_rules};
use larum_store::PolicyRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::policies::{known, show};
use super::refusal::refused;
use crate::body::{Asked, Body};
use crate::doors::Doors;
use crate::draft::receiver::sentence;
use crate::lock::identity::Caller;
use crate::problem::Problem;
use crate::wire::policy_file::{
    ExportQuestion, PolicyImport, PolicyImportOutcome, PolicyImportResult, PolicyImportResults,
};

/// The name of the group in an exported file.
const GROUP: &str = "larum";
/// The most rules in one file.
const MAX_RULES: usize = 2000;
/// How many of them are on their way to the disk together: they share its commits.
const TOGETHER: usize = 64;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(export_policies)).routes(routes!(import_policies))
}

/// Policies as a rule file that Prometheus reads, too.
#[utoipa::path(
    get, path = "/policies/export", tag = "policies",
    params(ExportQuestion),
    responses((status = 200, body = String, content_type = "application/yaml"), Problem)
)]
pub async fn export_policies(
    State(doors): State<Doors>,
    Asked(asked): Asked<ExportQuestion>,
) -> Result<Response, Problem> {
    let rows = match &asked.ids {
        Some(ids) => ids.split(',').map(|id| exported(&doors, id.trim())).collect::<Result<Vec<_>, _>>()?,
        None => {
            let desk = doors.engine().desk();
            let custom = desk.policies.values().filter(|row| row.policy.kind == PolicyKind::Custom);
            custom.map(|row| PolicyRow::clone(row)).collect()
        }
    };
    let drafts: Vec<PolicyDraft> = rows.iter().map(|row| row.policy.draft()).collect();
    let headers = [
        (header::CONTENT_TYPE, "application/yaml"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"larum-policies.yaml\""),
    ];
    Ok((headers, export_rules(GROUP, &drafts)).into_response())
}

fn exported(doors: &Doors, id: &str) -> Result<PolicyRow, Problem> {
    let id = id.parse().map_err(|_| Problem::invalid("ids", format!("{id:?} is no number of a policy.")))?;
    known(doors, id)
}

/// Makes policies of the alerting rules of a rule file. A file with an error is refused as a whole; of a good one,
/// each rule is taken or skipped by itself.
#[utoipa::path(
    post, path = "/policies/import", tag = "policies",
    request_body = PolicyImport,
    responses((status = 200, body = PolicyImportResults), Problem)
)]
pub async fn import_policies(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Body(wanted): Body<PolicyImport>,
) -> Result<Json<PolicyImportResults>, Problem> {
    let Import { policies, skipped } = import_rules(&wanted.yaml).map_err(|errors| {
        let words: Vec<String> = errors.iter().map(|error| sentence(&error.to_string())).collect();
        Problem::invalid("yaml", words.join("\n"))
    })?;
    if policies.is_empty() && skipped.is_empty() {
        return Err(Problem::invalid("yaml", "There is no rule in this file."));
    }
    if policies.len() > MAX_RULES {
        let words =
            format!("{} rules are too many: at most {MAX_RULES} can be imported at once.", policies.len());
        return Err(Problem::invalid("yaml", words));
    }
    let mut taken = Taken::of(&doors, wanted.replace);
    let plans: Vec<Plan> = policies.into_iter().map(|imported| taken.plan(imported)).collect();
    let mut rules: Vec<PolicyImportResult> = if wanted.dry_run {
        plans.into_iter().map(Plan::told).collect()
    } else {
        let carried_out = stream::iter(plans).map(|plan| plan.carry_out(&doors, &caller));
        carried_out.buffered(TOGETHER).collect().await
    };
    rules.extend(skipped.into_iter().map(|rule| PolicyImportResult {
        name: rule.name,
        line: rule.line,
        outcome: PolicyImportOutcome::Skipped,
        remarks: vec!["A recording rule, which no policy can be.".to_owned()],
        policy: None,
    }));
    rules.sort_by_key(|rule| rule.line);
    let count = |outcome| rules.iter().filter(|rule| rule.outcome == outcome).count();
    Ok(Json(PolicyImportResults {
        created: count(PolicyImportOutcome::Created),
        changed: count(PolicyImportOutcome::Changed),
        skipped: count(PolicyImportOutcome::Skipped),
        rules,
    }))
}

/// What is taken already while a file is gone through. Names are compared without regard to case.
struct Taken {
    /// Whether custom policies may be replaced.
    replace: bool,
    policies: HashMap<String, Arc<PolicyRow>>,
    /// The names of the rules so far.
    names: HashSet<String>,
}

/// What is to become of one rule.
struct Plan {
    imported: Imported,
    outcome: PolicyImportOutcome,
    /// The policy in whose place it comes.
    before: Option<Arc<PolicyRow>>,
}

impl Taken {
    fn of(doors: &Doors, replace: bool) -> Self {
        let mut policies = HashMap::new();
        for row in doors.engine().desk().policies.values() {
            // A rule file may have come with a name that somebody's policy had already: that one is meant.
            policies.entry(row.policy.name.to_lowercase()).or_insert_with(|| Arc::clone(row));
        }
        Self { replace, policies, names: HashSet::new() }
    }

    fn plan(&mut self, mut imported: Imported) -> Plan {
        let (outcome, before) = match self.judge(&imported.draft) {
            Ok((outcome, before)) => (outcome, before),
            Err(why) => {
                imported.remarks.insert(0, why);
                (PolicyImportOutcome::Skipped, None)
            }
        };
        Plan { imported, outcome, before }
    }

    /// What is to become of a policy as it stands in the file, or why it is skipped.
    fn judge(
        &mut self,
        draft: &PolicyDraft,
    ) -> Result<(PolicyImportOutcome, Option<Arc<PolicyRow>>), String> {
        let checked = complete_draft(draft.clone())
            .and_then(|draft| Policy::new(PolicyId(0), PolicyKind::Custom, 1, &draft));
        let policy = checked.map_err(|errors| {
            let words: Vec<String> = errors.iter().map(|error| sentence(&error.to_string())).collect();
            words.join(" ")
        })?;
        let name = policy.name.to_lowercase();
        let same = self.policies.get(&name).map(Arc::clone);
        if !self.names.insert(name) {
            return Err(
                "Another rule of this file has the same name, and names of policies are unique.".into()
            );
        }
        let Some(row) = same else { return Ok((PolicyImportOutcome::Created, None)) };
        match row.policy.kind {
            PolicyKind::Custom if says_the_same(&row.policy, &policy) => {
                Ok((PolicyImportOutcome::Unchanged, None))
            }
            PolicyKind::Custom if self.replace => Ok((PolicyImportOutcome::Changed, Some(row))),
            PolicyKind::Custom => Err("A policy has this name.".into()),
            PolicyKind::Builtin { .. } => Err("A built-in policy has this name.".into()),
            PolicyKind::RuleFile(_) => Err("A policy from a rule file has this name.".into()),
        }
    }
}

/// A file does not say what an expression was made from.
fn says_the_same(saved: &Policy, imported: &Policy) -> bool {
    PolicyDraft { template: None, ..saved.draft() } == imported.draft()
}

impl Plan {
    fn told(self) -> PolicyImportResult {
        let Imported { draft, line, remarks } = self.imported;
        PolicyImportResult { name: draft.name, line, outcome: self.outcome, remarks, policy: None }
    }

    async fn carry_out(self, doors: &Doors, caller: &Caller) -> PolicyImportResult {
        let seen = match (self.outcome, &self.before) {
            (PolicyImportOutcome::Created, _) => None,
            (PolicyImportOutcome::Changed, Some(row)) => Some((row.policy.id, row.policy.version)),
            _ => return self.told(),
        };
        let saved = doors.engine().save_policy(seen, self.imported.draft.clone(), &caller.signature()).await;
        let mut told = self.told();
        match saved {
            Ok(row) => {
                let (policy, by) = (row.policy.id.0, caller.signature());
                tracing::info!(policy, by, "imported a policy");
                told.policy = Some(show(doors, &row));
            }
            Err(error) => {
                told.outcome = PolicyImportOutcome::Skipped;
                told.remarks.insert(0, refused(&error).into_body().detail);
            }
        }
        told
    }
}
