//! Small questions that several resources share.

use serde::Deserialize;
use utoipa::IntoParams;

/// Which version a deletion started from.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VersionQuestion {
    /// The version that the change started from.
    pub version: u64,
}

/// Whose values are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LabelQuestion {
    /// The label whose values to answer with.
    pub label: Option<String>,
}
