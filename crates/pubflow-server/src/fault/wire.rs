//! The JSON shape of a plan of faults (`index-faults/1`).

use std::time::Duration;

use hyper::StatusCode;
use serde::Deserialize;

use super::{Fault, FaultPlan, FaultPlanError, Moment, Route, Rule, When};
use crate::Realm;

const FORMAT: &str = "index-faults/1";

/// A plan as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanJson {
    format: String,
    #[serde(default)]
    seed: u64,
    #[serde(default)]
    rules: Vec<RuleJson>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleJson {
    realm: Option<RealmJson>,
    method: Option<String>,
    route: Option<RouteJson>,
    path: Option<String>,
    file: Option<String>,
    nth: Option<Vec<u64>>,
    probability: Option<f64>,
    fault: FaultJson,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RealmJson {
    Test,
    Production,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum FaultJson {
    Status {
        status: u16,
        retry_after: Option<u64>,
        #[serde(default)]
        commit: bool,
    },
    Latency {
        ms: u64,
    },
    Throttle {
        bytes_per_second: u64,
    },
    Stall {
        #[serde(default)]
        after_bytes: usize,
    },
    Reset {
        when: MomentJson,
        #[serde(default)]
        after_bytes: usize,
    },
    Truncate {
        after_bytes: usize,
    },
    Corrupt,
    WrongDigest,
    Lag {
        ms: u64,
        #[serde(default = "one")]
        nodes: u64,
    },
    FileLag {
        ms: u64,
    },
    Duplicate,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RouteJson {
    Upload,
    Simple,
    File,
    Metadata,
    Json,
    Provenance,
    Mint,
    Page,
}

impl From<RouteJson> for Route {
    fn from(route: RouteJson) -> Self {
        match route {
            RouteJson::Upload => Self::Upload,
            RouteJson::Simple => Self::Simple,
            RouteJson::File => Self::File,
            RouteJson::Metadata => Self::Metadata,
            RouteJson::Json => Self::Json,
            RouteJson::Provenance => Self::Provenance,
            RouteJson::Mint => Self::Mint,
            RouteJson::Page => Self::Page,
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum MomentJson {
    BeforeBody,
    InBody,
    AfterBody,
    AfterCommit,
}

fn one() -> u64 {
    1
}

impl TryFrom<PlanJson> for FaultPlan {
    type Error = FaultPlanError;

    fn try_from(plan: PlanJson) -> Result<Self, FaultPlanError> {
        if plan.format != FORMAT {
            return Err(FaultPlanError::Format(plan.format));
        }
        let rules = plan
            .rules
            .into_iter()
            .zip(1..)
            .map(|(json, rule)| read(json).map_err(|why| FaultPlanError::Rule { rule, why }))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            seed: plan.seed,
            rules,
        })
    }
}

fn read(rule: RuleJson) -> Result<Rule, &'static str> {
    let when = match (rule.nth, rule.probability) {
        (Some(_), Some(_)) => return Err("`nth` and `probability` exclude each other"),
        (Some(nth), None) => When::Nth(nth),
        (None, Some(probability)) if (0.0..=1.0).contains(&probability) => {
            When::Probability(probability)
        }
        (None, Some(_)) => return Err("`probability` lies between 0 and 1"),
        (None, None) => When::Always,
    };
    Ok(Rule {
        realm: rule.realm.map(|realm| match realm {
            RealmJson::Test => Realm::Test,
            RealmJson::Production => Realm::Production,
        }),
        method: rule.method,
        route: rule.route.map(Route::from),
        path: rule.path,
        file: rule.file,
        when,
        fault: fault(rule.fault)?,
    })
}

fn fault(fault: FaultJson) -> Result<Fault, &'static str> {
    Ok(match fault {
        FaultJson::Status {
            status,
            retry_after,
            commit,
        } => Fault::Status {
            status: StatusCode::from_u16(status)
                .ok()
                .filter(|status| !status.is_informational())
                .ok_or("`status` lies between 200 and 999")?,
            retry_after,
            commit,
        },
        FaultJson::Latency { ms } => Fault::Latency(Duration::from_millis(ms)),
        FaultJson::Throttle {
            bytes_per_second: 0,
        } => return Err("`bytes_per_second` is at least 1; use `stall` for nothing at all"),
        FaultJson::Throttle { bytes_per_second } => Fault::Throttle(bytes_per_second),
        FaultJson::Stall { after_bytes } => Fault::Stall(after_bytes),
        FaultJson::Reset { when, after_bytes } => Fault::Reset(match when {
            MomentJson::BeforeBody => Moment::BeforeBody,
            MomentJson::InBody => Moment::InBody(after_bytes),
            MomentJson::AfterBody => Moment::AfterBody,
            MomentJson::AfterCommit => Moment::AfterCommit,
        }),
        FaultJson::Truncate { after_bytes } => Fault::Truncate(after_bytes),
        FaultJson::Corrupt => Fault::Corrupt,
        FaultJson::WrongDigest => Fault::WrongDigest,
        FaultJson::Lag { ms, nodes } => Fault::Lag {
            lag: Duration::from_millis(ms),
            nodes,
        },
        FaultJson::FileLag { ms } => Fault::FileLag(Duration::from_millis(ms)),
        FaultJson::Duplicate => Fault::Duplicate,
    })
}
